/** Canned answers by `/`, and the `{places}` in them. Pure. */

import type { Canned } from "../types";

export const PLACE = /\{([\p{L}\p{N}_]+)\}/u;
export const PLACES = /\{([\p{L}\p{N}_]+)\}/gu;

/** Names of the places that nobody has filled in. */
export function placesLeft(text: string): string[] {
  return [...new Set([...text.matchAll(PLACES)].map((match) => match[0]))];
}

/** The `/shortcut` that is being typed before the caret: where it begins, and its letters. */
export function slashWord(text: string, caret: number): { from: number; word: string } | null {
  const match = /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, caret));
  if (!match) return null;
  const word = match[1] ?? "";
  return { from: caret - word.length - 1, word: word.toLowerCase() };
}

/** Canned answers for what was typed after the slash: by shortcut first, then by title. */
export function matching(all: readonly Canned[], word: string): Canned[] {
  const rank = (one: Canned): number =>
    one.shortcut.toLowerCase().startsWith(word) ? 0 : one.title.toLowerCase().includes(word) ? 1 : 2;
  return all
    .filter((one) => rank(one) < 2)
    .sort((a, b) => rank(a) - rank(b) || a.shortcut.localeCompare(b.shortcut))
    .slice(0, 8);
}
