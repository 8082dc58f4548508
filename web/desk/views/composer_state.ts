/** What the composer works with: the draft with its caret, and where its text came from. */

import { signal } from "@preact/signals";
import { desk } from "../app";
import { day } from "../i18n/format";
import type { CaseCard } from "../types";
import { PLACE, PLACES } from "./slash";

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

/** `text` with its `{name}` places filled from the case; unknown places stay as they are. */
export function filled(text: string, card: CaseCard | undefined): string {
  if (!card) return text;
  const values = new Map<string, string>();
  const slots = (card.context as { slots?: Record<string, unknown> }).slots ?? {};
  for (const [name, value] of Object.entries(slots)) {
    if (typeof value === "string" && value) values.set(name, value);
  }
  for (const fact of card.summary.facts) values.set(fact.name, fact.value);
  values.set("number", card.number);
  if (card.legal) values.set("due", day(card.language === "en" ? "en" : "pl", card.legal.due));
  if (card.callback) values.set("phone", card.callback.phone);
  values.set("agent", desk.session.agent.value?.name ?? "");
  return text.replace(PLACES, (place, name: string) => values.get(name) ?? place);
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
