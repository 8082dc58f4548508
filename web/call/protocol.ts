/** Messages of a call; see "Calls from a browser" in docs/protocol.md. */

export const RATE_HZ = 16_000;
/** Samples of 20 ms. */
export const FRAME = RATE_HZ / 50;
export const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

export type Language = "pl" | "en";
export type Why = "queue" | "hangup" | "busy" | "refused";

export type ToServer =
  | { type: "start"; language: Language; code?: string }
  | { type: "key"; digit: string }
  | { type: "played"; mark: string }
  | { type: "bye" };

export type FromServer =
  | { type: "hello"; call: string }
  | { type: "mark"; mark: string }
  | { type: "flush" }
  | { type: "caption"; who: "caller" | "bot"; text: string }
  | { type: "bye"; why: Why };

const FIELDS: Record<FromServer["type"], string[]> = {
  hello: ["call"],
  mark: ["mark"],
  flush: [],
  caption: ["who", "text"],
  bye: ["why"],
};

/** The message in `text`; null for one that is not known, as a newer server may send. */
export function read(text: string): FromServer | null {
  const message: unknown = JSON.parse(text);
  if (typeof message !== "object" || message === null) return null;
  const fields = message as Record<string, unknown>;
  const type = String(fields["type"]);
  if (!Object.hasOwn(FIELDS, type)) return null;
  const needed = FIELDS[type as FromServer["type"]];
  return needed.every((name) => typeof fields[name] === "string") ? (message as FromServer) : null;
}
