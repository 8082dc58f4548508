/** Frames and states that several tests need. */

import type { ServerFrame, Turn } from "../protocol";
import { initialState, step } from "../state";
import type { Effect, Event, State } from "../state";

export const NOW = Date.UTC(2026, 10, 24, 9, 0, 0);

export function turn(seq: number, over: Partial<Turn> = {}): Extract<ServerFrame, { type: "turn" }> {
  return {
    type: "turn",
    seq,
    id: `t${seq}`,
    author: "bot",
    text: `turn ${seq}`,
    buttons: [],
    client_id: null,
    at: "2026-11-24T09:00:00Z",
    name: null,
    language: "pl",
    files: [],
    ...over,
  };
}

export function welcome(lastSeq = 0): Extract<ServerFrame, { type: "welcome" }> {
  return {
    type: "welcome",
    conversation: "c1",
    language: "pl",
    controller: "bot",
    last_seq: lastSeq,
    limits: { text: 2000 },
  };
}

export const frame = (from: ServerFrame): Event => ({ type: "frame", frame: from });
export const session = (conversation: string): Event => ({
  type: "session",
  session: { token: `token of ${conversation}`, conversation, expires_at: NOW / 1000 + 86_400 },
});
export const wrote = (clientId: string, text = "dzień dobry"): Event => ({
  type: "wrote",
  clientId,
  content: { kind: "say", text },
});

/** The state and all effects after these events, one second apart. */
export function after(events: readonly Event[], from: State = initialState("pl")): [State, Effect[]] {
  const effects: Effect[] = [];
  let state = from;
  events.forEach((event, i) => {
    const [next, more] = step(state, event, NOW + i * 1000);
    state = next;
    effects.push(...more);
  });
  return [state, effects];
}

/** An open chat on a living connection. */
export function online(): State {
  return after([{ type: "opened" }, session("c1"), frame(welcome())])[0];
}

/** The client ids of the `say` frames among the effects. */
export function said(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) =>
    effect.do === "send" && effect.frame.type === "say" ? [effect.frame.client_id] : [],
  );
}
