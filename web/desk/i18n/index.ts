/** The texts of the language that is chosen, as a signal. */

import { computed } from "@preact/signals";
import { prefs } from "../browser";
import type { Language } from "../types";
import { en } from "./en";
import { pl } from "./pl";

export type Texts = typeof pl;

export const TEXTS: Record<Language, Texts> = { pl, en };

export const t = computed<Texts>(() => TEXTS[prefs.language.value]);

export function language(): Language {
  return prefs.language.value;
}

/** The word for a code; the code itself when there is none. */
export function word(words: Record<string, string>, code: string | null | undefined): string {
  return code ? (words[code] ?? code.replaceAll("_", " ")) : "–";
}
