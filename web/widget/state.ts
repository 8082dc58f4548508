/** Everything the widget knows, and how each event changes it. No socket, no DOM, no clock. */

import * as outbox from "./outbox";
import type { Content, Outbox } from "./outbox";
import type {
  Author,
  Button,
  ClientFrame,
  Controller,
  Language,
  ServerFrame,
  Turn,
  Waiting,
} from "./protocol";

/** refused: this page may not use the chat. busy: too many new conversations from this address. */
export type Link = "idle" | "connecting" | "online" | "offline" | "busy" | "refused";

export interface Session {
  token: string;
  conversation: string;
  /** Seconds since 1970. */
  expires_at: number;
}

export interface State {
  open: boolean;
  /** The page can be seen. */
  visible: boolean;
  language: Language;
  /** The customer switched the language and the server does not know yet. */
  languageUnsent: boolean;
  link: Link;
  session: Session | null;
  /** Turns of expired conversations, to look at only. */
  past: readonly Turn[];
  turns: readonly Turn[];
  lastSeq: number;
  readSeq: number;
  /** The server tells what was missed up to this seq. */
  replayTo: number;
  /** No turn came yet since the last welcome. */
  fresh: boolean;
  outbox: Outbox;
  controller: Controller;
  agent: string | null;
  queue: { position: number; waiting: Waiting | null } | null;
  typing: Author | null;
  textLimit: number;
  /** Code of a refusal that belongs to no message. */
  notice: string | null;
  draft: string;
  /** The case to ask about: how was it? */
  csat: string | null;
}

export type Event =
  | { type: "opened" | "closed" | "typingEnded" }
  | { type: "visible"; visible: boolean }
  | { type: "link"; link: Link }
  | { type: "session"; session: Session }
  | { type: "frame"; frame: ServerFrame }
  | { type: "wrote"; clientId: string; content: Content }
  | { type: "retry" | "discard" | "edit"; clientId: string }
  | { type: "language"; language: Language }
  | { type: "draft"; text: string };

export type Effect =
  | { do: "send"; frame: ClientFrame }
  /** Connect anew and ask for what is missing. */
  | { do: "resume" }
  | { do: "retry"; clientId: string; afterMs: number };

export type Step = [State, Effect[]];

export const FIRST_RETRY_MS = 2_000;
/** Missed turns that are still read out one by one. */
const MOST_READ_OUT = 5;

export function initialState(language: Language): State {
  return {
    open: false,
    visible: true,
    language,
    languageUnsent: false,
    link: "idle",
    session: null,
    past: [],
    turns: [],
    lastSeq: 0,
    readSeq: 0,
    replayTo: 0,
    fresh: false,
    outbox: [],
    controller: "bot",
    agent: null,
    queue: null,
    typing: null,
    textLimit: 2000,
    notice: null,
    draft: "",
    csat: null,
  };
}

/** The state after `event`, and what to do; `now` in ms. */
export function step(before: State, event: Event, now: number): Step {
  const [state, effects] = react(before, event, now);
  const seen = state.open && state.visible && state.readSeq !== state.lastSeq;
  return [seen ? { ...state, readSeq: state.lastSeq } : state, effects];
}

function react(state: State, event: Event, now: number): Step {
  switch (event.type) {
    case "opened":
      return [{ ...state, open: true }, []];
    case "closed":
      return [{ ...state, open: false }, []];
    case "visible":
      return [{ ...state, visible: event.visible }, []];
    case "typingEnded":
      return [{ ...state, typing: null }, []];
    case "link":
      return [onLink(state, event.link), []];
    case "session":
      return [onSession(state, event.session), []];
    case "frame":
      return onFrame(state, event.frame, now);
    case "wrote": {
      const at = new Date(now).toISOString();
      const added = outbox.add(state.outbox, event.clientId, event.content, at);
      const draft = event.content.kind === "say" ? "" : state.draft;
      return flush({ ...state, outbox: added, draft }, now);
    }
    case "retry":
      return flush({ ...state, outbox: outbox.retry(state.outbox, event.clientId) }, now);
    case "discard":
      return [{ ...state, outbox: outbox.remove(state.outbox, event.clientId) }, []];
    case "edit":
      return [onEdit(state, event.clientId), []];
    case "language":
      return tellLanguage({ ...state, language: event.language, languageUnsent: true });
    case "draft":
      return [{ ...state, draft: event.text }, []];
  }
}

function onLink(state: State, link: Link): State {
  if (link === "online") return { ...state, link };
  return { ...state, link, typing: null, outbox: outbox.rewind(state.outbox) };
}

/** A session of another conversation means that ours has expired. */
function onSession(state: State, session: Session): State {
  const known = state.session;
  if (!known || known.conversation === session.conversation) return { ...state, session };
  const fresh = initialState(state.language);
  return {
    ...state,
    session,
    past: [...state.past, ...state.turns],
    turns: fresh.turns,
    lastSeq: 0,
    readSeq: 0,
    replayTo: 0,
    controller: fresh.controller,
    agent: null,
    queue: null,
    typing: null,
    csat: null,
    outbox: outbox.moveToNewConversation(state.outbox),
  };
}

function onFrame(state: State, frame: ServerFrame, now: number): Step {
  switch (frame.type) {
    case "welcome":
      return onWelcome(state, frame, now);
    case "turn": {
      const { type: _, ...turn } = frame;
      return onTurn(state, turn);
    }
    case "ack":
      return [{ ...state, outbox: outbox.accept(state.outbox, frame.client_id), notice: null }, []];
    case "typing":
      if (frame.author === "customer") return [state, []];
      return [{ ...state, typing: frame.on ? frame.author : null }, []];
    case "queue":
      return [{ ...state, queue: { position: frame.position, waiting: frame.waiting } }, []];
    case "controller":
      return [withController(state, frame.controller, frame.name), []];
    case "error":
      return onError(state, frame.client_id, frame.code, frame.retryable);
    case "csat":
      return [{ ...state, csat: frame.case }, []];
    case "pong":
      return [state, outbox.overdue(state.outbox, now) ? [{ do: "resume" }] : []];
    case "unknown":
      return [state, []];
  }
}

type Welcome = Extract<ServerFrame, { type: "welcome" }>;

function onWelcome(state: State, welcome: Welcome, now: number): Step {
  // Fewer turns than we have seen: the record was restored from an older copy; follow it.
  const turns = state.turns.filter((turn) => turn.seq <= welcome.last_seq);
  const agent = welcome.controller === "agent" ? state.agent : null;
  const welcomed: State = {
    ...withController(state, welcome.controller, agent),
    turns,
    lastSeq: Math.min(state.lastSeq, welcome.last_seq),
    readSeq: Math.min(state.readSeq, welcome.last_seq),
    replayTo: welcome.last_seq,
    fresh: true,
    link: "online",
    notice: null,
    textLimit: welcome.limits.text,
    outbox: outbox.rewind(state.outbox),
  };
  const [told, language] = tellLanguage(welcomed);
  const [flushed, messages] = flush(told, now);
  return [flushed, [...language, ...messages]];
}

function withController(state: State, controller: Controller, name: string | null): State {
  const queue = controller === "queue" ? state.queue : null;
  const typing = controller === state.controller ? state.typing : null;
  return { ...state, controller, agent: name, queue, typing };
}

function onTurn(state: State, turn: Turn): Step {
  const rest = outbox.remove(state.outbox, turn.client_id);
  if (turn.seq <= state.lastSeq) return [{ ...state, outbox: rest }, []];
  // What comes first after a welcome is all there is after our last turn, even with a gap.
  if (turn.seq > state.lastSeq + 1 && !state.fresh) return [state, [{ do: "resume" }]];
  const next: State = {
    ...state,
    turns: [...state.turns, turn],
    lastSeq: turn.seq,
    fresh: false,
    outbox: rest,
    notice: null,
    language: languageAfter(state, turn),
    typing: turn.author === "customer" ? state.typing : null,
  };
  return [next, []];
}

/** The widget follows the bot when the bot changes its language. */
function languageAfter(state: State, turn: Turn): Language {
  if (turn.author !== "bot" || (turn.language !== "pl" && turn.language !== "en")) return state.language;
  const previous = state.turns.findLast((each) => each.author === "bot");
  return previous && previous.language !== turn.language ? turn.language : state.language;
}

function onError(state: State, clientId: string | null, code: string, retryable: boolean): Step {
  if (clientId === null) return [{ ...state, notice: code }, []];
  const refused = outbox.refuse(state.outbox, clientId, code, retryable);
  const message = outbox.find(refused, clientId);
  const again = message?.progress === "sent";
  const afterMs = FIRST_RETRY_MS * 2 ** ((message?.refusals ?? 1) - 1);
  return [{ ...state, outbox: refused }, again ? [{ do: "retry", clientId, afterMs }] : []];
}

/** A message that was not sent goes back into the text field, before what is there. */
function onEdit(state: State, clientId: string): State {
  const message = outbox.find(state.outbox, clientId);
  if (message?.kind !== "say") return state;
  const draft = state.draft.trim() ? `${message.text}\n${state.draft}` : message.text;
  return { ...state, draft, outbox: outbox.remove(state.outbox, clientId) };
}

function tellLanguage(state: State): Step {
  if (!state.languageUnsent || state.link !== "online") return [state, []];
  const frame = { type: "language", language: state.language } as const;
  return [{ ...state, languageUnsent: false }, [{ do: "send", frame }]];
}

function flush(state: State, now: number): Step {
  if (state.link !== "online") return [state, []];
  const [sent, frames] = outbox.send(state.outbox, now);
  return [{ ...state, outbox: sent }, frames.map((frame) => ({ do: "send", frame }))];
}

/** Turns the customer has not seen; their own do not count. */
export function unread(state: State): number {
  return state.turns.filter((turn) => turn.seq > state.readSeq && turn.author !== "customer").length;
}

/** The answers offered now: the last buttons since the customer's last message. */
export function offeredButtons(state: State): { seq: number; buttons: readonly Button[] } | null {
  if (state.outbox.some((message) => message.progress !== "failed")) return null;
  for (const turn of [...state.turns].reverse()) {
    if (turn.author === "customer") return null;
    if (turn.buttons.length) return { seq: turn.seq, buttons: turn.buttons };
    // What the front line itself told last holds: a queue that was left is left no more.
    if (turn.author === "system") return null;
  }
  return null;
}

/** Being told so much of what was missed that it should not be read out; the end of it should. */
export function isReplaying(state: State): boolean {
  return state.replayTo - state.lastSeq > MOST_READ_OUT;
}

/** Characters as the server counts them: code points. */
export function lengthOf(text: string): number {
  return [...text].length;
}
