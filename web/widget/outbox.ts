/**
 * Messages on their way to the server: never lost, never doubled.
 *
 * Every message gets its id once. It stays here until its turn comes back with that id, so it can
 * be sent again after any break, and the server knows a repetition by the id.
 */

import type { ClientFrame } from "./protocol";

export type Content =
  | { kind: "say"; text: string }
  | { kind: "choose"; text: string; seq: number; payload: string }
  | { kind: "human"; text: string };

/**
 * waiting: for a connection or for the next try. sent: on the wire. accepted: the server has it,
 * its turn is on the way. failed: told so to the customer, who decides.
 */
export type Progress = "waiting" | "sent" | "accepted" | "failed";

export type Outgoing = Content & {
  clientId: string;
  /** When the customer sent it, ISO 8601. */
  at: string;
  progress: Progress;
  /** When it last went on the wire, ms. */
  sentAt: number;
  /** Tries refused for the moment. */
  refusals: number;
  /** Why the server refused it last. */
  code: string | null;
  retryable: boolean;
};

export type Outbox = readonly Outgoing[];

/** Refusals "for the moment" before the customer is asked. */
export const MOST_REFUSALS = 3;
/** A message on a living connection without an answer for so long is sent anew. */
export const ANSWER_TIMEOUT_MS = 20_000;

export function add(outbox: Outbox, clientId: string, content: Content, at: string): Outbox {
  const fresh = { progress: "waiting", sentAt: 0, refusals: 0, code: null, retryable: false } as const;
  return [...outbox, { ...content, clientId, at, ...fresh }];
}

export function find(outbox: Outbox, clientId: string): Outgoing | undefined {
  return outbox.find((each) => each.clientId === clientId);
}

export function remove(outbox: Outbox, clientId: string | null): Outbox {
  return outbox.some((each) => each.clientId === clientId)
    ? outbox.filter((each) => each.clientId !== clientId)
    : outbox;
}

/** Everything that waits is now on the wire; returns the frames to send, in order. */
export function send(outbox: Outbox, now: number): [Outbox, ClientFrame[]] {
  const frames = outbox.filter((each) => each.progress === "waiting").map(toFrame);
  return [change(outbox, isWaiting, { progress: "sent", sentAt: now }), frames];
}

/** The connection broke or is new: what has no answer waits again, and so does what may be retried. */
export function rewind(outbox: Outbox): Outbox {
  const again = (each: Outgoing): boolean =>
    each.progress === "sent" || (each.progress === "failed" && each.retryable);
  return change(outbox, again, { progress: "waiting", code: null, refusals: 0 });
}

export function accept(outbox: Outbox, clientId: string): Outbox {
  return change(outbox, is(clientId), { progress: "accepted", code: null });
}

/** The server refused it; a later try is due when it is then "sent" still and retryable. */
export function refuse(outbox: Outbox, clientId: string, code: string, retryable: boolean): Outbox {
  const refusals = (find(outbox, clientId)?.refusals ?? 0) + 1;
  const failed = !retryable || refusals > MOST_REFUSALS;
  const progress = failed ? "failed" : "sent";
  return change(outbox, is(clientId), { progress, code, retryable, refusals });
}

/** Try one again, by the customer's wish or after a pause. */
export function retry(outbox: Outbox, clientId: string): Outbox {
  const stuck = (each: Outgoing): boolean =>
    each.clientId === clientId && each.progress !== "accepted";
  return change(outbox, stuck, { progress: "waiting", code: null });
}

/** Is there a message that a living connection should have answered long ago? */
export function overdue(outbox: Outbox, now: number): boolean {
  return outbox.some((each) => each.progress === "sent" && now - each.sentAt > ANSWER_TIMEOUT_MS);
}

/** For a new conversation: words go there too; answers to buttons of the old one cannot. */
export function moveToNewConversation(outbox: Outbox): Outbox {
  return outbox.map((each) =>
    each.kind === "choose"
      ? { ...each, progress: "failed", code: "not_offered", retryable: false }
      : each.progress === "failed"
        ? each
        : { ...each, progress: "waiting", code: null },
  );
}

function toFrame(message: Outgoing): ClientFrame {
  const { clientId: client_id } = message;
  switch (message.kind) {
    case "say":
      return { type: "say", client_id, text: message.text };
    case "choose":
      return { type: "choose", client_id, seq: message.seq, payload: message.payload };
    case "human":
      return { type: "human", client_id };
  }
}

const isWaiting = (each: Outgoing): boolean => each.progress === "waiting";
const is =
  (clientId: string) =>
  (each: Outgoing): boolean =>
    each.clientId === clientId;

function change(
  outbox: Outbox,
  which: (each: Outgoing) => boolean,
  to: Partial<Pick<Outgoing, "progress" | "sentAt" | "code" | "retryable" | "refusals">>,
): Outbox {
  return outbox.some(which)
    ? outbox.map((each) => (which(each) ? { ...each, ...to } : each))
    : outbox;
}
