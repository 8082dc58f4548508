/** What the composer works with: the text with the caret, canned answers, places to fill in. */

import { signal } from "@preact/signals";
import { desk } from "../app";
import type { Canned, CaseCard } from "../types";

/** Cases whose text came from a suggestion and was not touched since. */
export const suggested = signal<ReadonlySet<string>>(new Set());

/** The caret goes here after the text was changed by something else than typing. */
export const caretAt = signal<{ caseId: string; from: number; to: number } | null>(null);

export function setSuggested(caseId: string, on: boolean): void {
  if (suggested.value.has(caseId) === on) return;
  const next = new Set(suggested.value);
  if (on) next.add(caseId);
  else next.delete(caseId);
  suggested.value = next;
}

const PLACE = /\{([\p{L}\p{N}_]+)\}/u;
const PLACES = /\{([\p{L}\p{N}_]+)\}/gu;

/** `text` with its `{name}` places filled from the case; unknown places stay as they are. */
export function filled(text: string, card: CaseCard | undefined): string {
  if (!card) return text;
  const values = new Map<string, string>();
  const slots = (card.context as { slots?: Record<string, unknown> }).slots ?? {};
  for (const [name, value] of Object.entries(slots)) {
    if (typeof value === "string" && value) values.set(name, value);
  }
  for (const fact of card.summary.facts) values.set(fact.name, fact.value);
  values.set("case_number", card.number);
  values.set("agent", desk.session.agent.value?.name ?? "");
  return text.replace(PLACES, (place, name: string) => values.get(name) ?? place);
}

/** Names of the places that nobody has filled in. */
export function placesLeft(text: string): string[] {
  return [...new Set([...text.matchAll(PLACES)].map((match) => match[0]))];
}

/** Put `text` at the end of the draft (or in place of it); the caret at its first open place. */
export function insertText(caseId: string, text: string, fromSuggestion: boolean): void {
  const before = desk.drafts.of(caseId).trimEnd();
  place(caseId, before ? `${before}\n${text}` : text, before ? before.length + 1 : 0);
  setSuggested(caseId, fromSuggestion);
}

/** Set the draft and put the caret at the first open place after `from`, else at the end. */
export function place(caseId: string, text: string, from: number, end = text.length): void {
  const open = PLACE.exec(text.slice(from));
  desk.drafts.set(caseId, text);
  caretAt.value = open
    ? { caseId, from: from + open.index, to: from + open.index + open[0].length }
    : { caseId, from: end, to: end };
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
