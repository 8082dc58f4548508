/** One case's conversation: turns that came, messages on their way. Pure; time comes from outside. */

import type { Turn } from "../types";

export interface Pending {
  client_id: string;
  text: string;
  at: string;
  state: "sending" | "failed" | "missed";
  /** Why it failed. */
  code: string | null;
  /** What came meanwhile, when `missed`. */
  missed: Turn[];
}

export interface Talk {
  turns: readonly Turn[];
  pending: readonly Pending[];
  /** The customer is typing. */
  typing: boolean;
  loaded: boolean;
}

export const EMPTY_TALK: Talk = { turns: [], pending: [], typing: false, loaded: false };

/** Number of the newest turn; 0 when there is none. */
export function lastSeq(talk: Talk): number {
  return talk.turns.at(-1)?.seq ?? 0;
}

/** With `turns`, each once and in order; messages that arrived are no longer pending. */
export function withTurns(talk: Talk, turns: readonly Turn[]): Talk {
  if (!turns.length) return talk;
  const bySeq = new Map(talk.turns.map((turn) => [turn.seq, turn]));
  for (const turn of turns) bySeq.set(turn.seq, turn);
  const arrived = new Set(turns.map((turn) => turn.client_id));
  return {
    ...talk,
    turns: [...bySeq.values()].sort((a, b) => a.seq - b.seq),
    pending: talk.pending.filter((message) => !arrived.has(message.client_id)),
    typing: turns.some((turn) => turn.author === "customer") ? false : talk.typing,
  };
}

/** Whether a turn that came leaves a hole before it. */
export function leavesGap(talk: Talk, turn: Turn): boolean {
  return talk.loaded && turn.seq > lastSeq(talk) + 1;
}

/** A new message on its way. */
export function withPending(talk: Talk, clientId: string, text: string, at: string): Talk {
  const message: Pending = { client_id: clientId, text, at, state: "sending", code: null, missed: [] };
  return { ...talk, pending: [...talk.pending.filter((one) => one.client_id !== clientId), message] };
}

/** With what became of a message on its way. */
export function changed(talk: Talk, clientId: string, change: Partial<Pending>): Talk {
  const pending = talk.pending.map((one) => (one.client_id === clientId ? { ...one, ...change } : one));
  return { ...talk, pending };
}

export function without(talk: Talk, clientId: string): Talk {
  return { ...talk, pending: talk.pending.filter((one) => one.client_id !== clientId) };
}

/** What of the missed turns the agent has to know before sending: all but their own. */
export function worthTelling(missed: readonly Turn[], clientId: string): Turn[] {
  return missed.filter((turn) => turn.client_id !== clientId);
}
