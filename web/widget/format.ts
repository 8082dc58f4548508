/** Texts made of turns: links, times, the transcript. */

import { TEXTS } from "./texts";
import type { Language, Turn } from "./protocol";

export interface Piece {
  text: string;
  /** The address when the piece is a link. */
  href: string | null;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+/gi;

/** `text` cut into plain pieces and http(s) links; the pieces together are `text`. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const plain = (to: number): void => {
    if (to > end) pieces.push({ text: text.slice(end, to), href: null });
  };
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutPunctuation(match[0]);
    const href = safeAddress(address);
    if (!href) continue;
    plain(match.index);
    pieces.push({ text: address, href });
    end = match.index + address.length;
  }
  plain(text.length);
  return pieces;
}

/** Without what ends the sentence rather than the address; a closing bracket stays with its opening one. */
function withoutPunctuation(address: string): string {
  let kept = address;
  const loose = (last: string): boolean =>
    ".,;:!?'’”»…]}*".includes(last) || (last === ")" && !kept.includes("("));
  while (kept && loose(kept.slice(-1))) kept = kept.slice(0, -1);
  return kept;
}

function safeAddress(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** "14:05" today, "23.11, 14:05" on another day. */
export function shownTime(iso: string, language: Language, now: Date): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const today = at.toDateString() === now.toDateString();
  const day: Intl.DateTimeFormatOptions = today ? {} : { day: "numeric", month: "short" };
  return at.toLocaleString(language === "pl" ? "pl-PL" : "en-GB", { ...day, ...time });
}

/** Who said it, as the customer sees it. */
export function speaker(turn: Pick<Turn, "author" | "name">, language: Language): string {
  const texts = TEXTS[language];
  switch (turn.author) {
    case "customer":
      return texts.you;
    case "bot":
      return texts.badgeBot;
    case "agent":
      return turn.name ?? texts.agent;
    case "system":
      return texts.system;
  }
}

/** The conversation as a text file's content, with local times. */
export function transcript(turns: readonly Turn[], language: Language, now: Date): string {
  const locale = language === "pl" ? "pl-PL" : "en-GB";
  const stamp = (at: Date): string =>
    at.toLocaleString(locale, { dateStyle: "short", timeStyle: "medium" });
  const lines = turns.map(
    (turn) => `[${stamp(new Date(turn.at))}] ${speaker(turn, language)}: ${turn.text}`,
  );
  return [`${TEXTS[language].transcriptTitle}, ${stamp(now)}`, "", ...lines, ""].join("\r\n");
}
