/**
 * What survives a reload, in sessionStorage only: it is gone with the tab.
 *
 * Nothing is written before the customer opens the chat (Directive 2002/58/EC, art. 5(3)).
 */

import type { Outgoing, Progress } from "./outbox";
import { count, fields, list, oneOf, readTurn, text, textOrNull } from "./protocol";
import { initialState } from "./state";
import type { Session, State } from "./state";

const KEY = "frontline-chat";
const VERSION = 1;
const LANGUAGES = ["pl", "en"] as const;
const PROGRESS: readonly Progress[] = ["waiting", "sent", "accepted", "failed"];
const CONTROLLERS = ["bot", "queue", "agent", "none"] as const;

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The state of before the reload, or null when there is none or it cannot be read. */
export function load(store: Store): State | null {
  try {
    const saved = store.getItem(KEY);
    return saved === null ? null : fromSnapshot(JSON.parse(saved));
  } catch {
    return null;
  }
}

/** Keep `state`; when the store is full, without the turns: the server has them all. */
export function save(store: Store, state: State): void {
  const snapshot = toSnapshot(state);
  try {
    store.setItem(KEY, JSON.stringify(snapshot));
  } catch {
    try {
      store.setItem(KEY, JSON.stringify({ ...snapshot, turns: [], past: [] }));
    } catch {
      // Storage is switched off: the chat works, but does not survive a reload.
    }
  }
}

function toSnapshot(state: State): Record<string, unknown> {
  const { open, language, languageUnsent, session, past, turns, readSeq, outbox, draft } = state;
  const { controller, agent, csat } = state;
  return {
    version: VERSION,
    ...{ open, language, languageUnsent, session, past, turns, readSeq, outbox, draft, controller, agent, csat },
  };
}

function fromSnapshot(value: unknown): State | null {
  const saved = fields(value);
  if (saved.version !== VERSION) return null;
  const turns = list(saved.turns).map(readTurn);
  return {
    ...initialState(oneOf(LANGUAGES, saved.language)),
    languageUnsent: saved.languageUnsent === true,
    open: saved.open === true,
    session: saved.session === null ? null : readSession(saved.session),
    past: list(saved.past).map(readTurn),
    turns,
    lastSeq: turns.at(-1)?.seq ?? 0,
    readSeq: count(saved.readSeq),
    outbox: list(saved.outbox).map(readOutgoing),
    draft: text(saved.draft),
    controller: oneOf(CONTROLLERS, saved.controller),
    agent: textOrNull(saved.agent),
    csat: textOrNull(saved.csat),
  };
}

/** A session from storage or from the server; throws BadFrameError. */
export function readSession(value: unknown): Session {
  const session = fields(value);
  return {
    token: text(session.token),
    conversation: text(session.conversation),
    expires_at: expiry(session.expires_at),
  };
}

/** Seconds since 1970, from the number or an ISO 8601 text. */
function expiry(value: unknown): number {
  return count(typeof value === "string" ? Date.parse(value) / 1000 : value);
}

function readOutgoing(value: unknown): Outgoing {
  const message = fields(value);
  const common = {
    clientId: text(message.clientId),
    text: text(message.text),
    at: text(message.at),
    progress: oneOf(PROGRESS, message.progress),
    sentAt: count(message.sentAt),
    refusals: count(message.refusals),
    code: textOrNull(message.code),
    retryable: message.retryable === true,
  };
  const kind = oneOf(["say", "choose", "human"] as const, message.kind);
  if (kind !== "choose") return { kind, ...common };
  return { kind, ...common, seq: count(message.seq), payload: text(message.payload) };
}
