/** `text` without halves of characters, which are no valid text on the wire. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
