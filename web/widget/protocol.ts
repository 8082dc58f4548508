/** The frames of the chat socket and their checks; docs/protocol.md says what they mean. */

export type Language = "pl" | "en";
export type Author = "customer" | "bot" | "agent" | "system";
export type Controller = "bot" | "queue" | "agent" | "none";

export interface Button {
  title: string;
  payload: string;
}

/** A file that a turn carries; its content is fetched by id. */
export interface FileRef {
  id: string;
  name: string;
  /** Media type. */
  kind: string;
  /** Bytes. */
  size: number;
}

export interface Turn {
  /** Place in the conversation; grows by one. */
  seq: number;
  id: string;
  author: Author;
  text: string;
  buttons: Button[];
  /** Set on customer turns: the id this browser, or another one, gave the message. */
  client_id: string | null;
  /** ISO 8601. */
  at: string;
  /** The agent's display name. */
  name: string | null;
  language: string;
  files: FileRef[];
}

export interface Waiting {
  from_min: number;
  to_min: number;
}

export type ServerFrame =
  | {
      type: "welcome";
      conversation: string;
      language: string;
      controller: Controller;
      last_seq: number;
      limits: { text: number };
    }
  | ({ type: "turn" } & Turn)
  | { type: "ack"; client_id: string; seq: number }
  | { type: "typing"; author: Author; on: boolean }
  | { type: "queue"; position: number; waiting: Waiting | null }
  | { type: "controller"; controller: Controller; name: string | null }
  | {
      type: "error";
      code: string;
      message: string;
      client_id: string | null;
      retryable: boolean;
    }
  /** Ask how it was in this case; null: it is told, ask no more. */
  | { type: "csat"; case: string | null }
  | { type: "pong" }
  | { type: "unknown" };

export type ClientFrame =
  | { type: "hello"; token: string; after_seq: number }
  | { type: "say"; client_id: string; text: string }
  | { type: "choose"; client_id: string; seq: number; payload: string }
  | { type: "human"; client_id: string }
  | { type: "language"; language: Language }
  | { type: "typing"; on: boolean }
  | { type: "rate"; client_id: string; case: string; score: number; comment: string }
  | { type: "ping" };

/** Closes a socket whose session has ended. */
export const CLOSE_SESSION_OVER = 4401;

/** What came is not a frame of this protocol. */
export class BadFrameError extends Error {}

type Fields = Record<string, unknown>;

const AUTHORS = ["customer", "bot", "agent", "system"] as const;
const CONTROLLERS = ["bot", "queue", "agent", "none"] as const;

/**
 * The frame in `data`; a type from a newer server is "unknown".
 *
 * Throws BadFrameError when it is not JSON, or a field is missing or of another type.
 */
export function readFrame(data: unknown): ServerFrame {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text(data));
  } catch {
    throw new BadFrameError("not JSON text");
  }
  const frame = fields(parsed);
  switch (frame.type) {
    case "welcome":
      return {
        type: "welcome",
        conversation: text(frame.conversation),
        language: text(frame.language),
        controller: oneOf(CONTROLLERS, frame.controller),
        last_seq: count(frame.last_seq),
        limits: { text: count(fields(frame.limits).text) },
      };
    case "turn":
      return { type: "turn", ...readTurn(frame) };
    case "ack":
      return { type: "ack", client_id: text(frame.client_id), seq: count(frame.seq) };
    case "typing":
      return { type: "typing", author: oneOf(AUTHORS, frame.author), on: frame.on === true };
    case "queue":
      return { type: "queue", position: count(frame.position), waiting: waiting(frame.waiting) };
    case "controller":
      return {
        type: "controller",
        controller: oneOf(CONTROLLERS, frame.controller),
        name: textOrNull(frame.name),
      };
    case "error":
      return {
        type: "error",
        code: text(frame.code),
        message: text(frame.message),
        client_id: textOrNull(frame.client_id),
        retryable: frame.retryable === true,
      };
    case "csat":
      return { type: "csat", case: text(frame.case) };
    case "rated":
      return { type: "csat", case: null };
    case "pong":
      return { type: "pong" };
    default:
      return { type: "unknown" };
  }
}

/** A turn from a frame or from storage; throws BadFrameError. */
export function readTurn(value: unknown): Turn {
  const turn = fields(value);
  return {
    seq: count(turn.seq),
    id: text(turn.id),
    author: oneOf(AUTHORS, turn.author),
    text: text(turn.text),
    buttons: list(turn.buttons ?? []).map((each) => {
      const button = fields(each);
      return { title: text(button.title), payload: text(button.payload) };
    }),
    client_id: textOrNull(turn.client_id),
    at: text(turn.at),
    name: textOrNull(turn.name),
    language: textOrNull(turn.language) ?? "",
    files: list(turn.files ?? []).map((each) => {
      const { id, name, kind, size } = fields(each);
      return { id: text(id), name: text(name), kind: text(kind), size: count(size) };
    }),
  };
}

function waiting(value: unknown): Waiting | null {
  if (value === null || value === undefined) return null;
  const range = fields(value);
  return { from_min: count(range.from_min), to_min: count(range.to_min) };
}

export function fields(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new BadFrameError("not an object");
  return value as Fields;
}

export function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new BadFrameError("not a list");
  return value;
}

export function text(value: unknown): string {
  if (typeof value !== "string") throw new BadFrameError("not a text");
  return value;
}

export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : text(value);
}

export function count(value: unknown): number {
  if (typeof value !== "number" || !(value >= 0)) throw new BadFrameError("not a count");
  return value;
}

export function oneOf<T extends string>(allowed: readonly T[], value: unknown): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new BadFrameError("not one of the known values");
  return found;
}
