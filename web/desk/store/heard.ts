/** How sure the recogniser was of a caller's words. Pure. */

import type { Speech, Turn } from "../types";

export interface Piece {
  text: string;
  unsure: boolean;
}

/** A text as the recogniser would have heard it: its words only. */
function bare(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
}

/** The turn's words one by one; null when it was written otherwise than heard, as with numbers. */
export function pieces(turn: Turn): Piece[] | null {
  const words = turn.speech?.words ?? [];
  if (!words.some((word) => word.unsure)) return null;
  const shown = turn.text.split(/\s+/).filter((part) => part !== "");
  if (shown.length !== words.length) return null;
  if (bare(turn.text) !== bare(words.map((word) => word.text).join(" "))) return null;
  return shown.map((text, index) => ({ text, unsure: words[index]?.unsure ?? false }));
}

/** The words of which the recogniser was unsure. */
export function unsureWords(speech: Speech | null | undefined): string[] {
  return (speech?.words ?? []).filter((word) => word.unsure).map((word) => word.text);
}

/** Minutes and seconds since the call began, like `1:05`. */
export function offset(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
