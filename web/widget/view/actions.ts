/** What the customer can do; the element carries it out. */

import type { Language } from "../protocol";

export interface Actions {
  open(): void;
  minimise(): void;
  say(text: string): void;
  choose(seq: number, title: string, payload: string): void;
  askForHuman(): void;
  retry(clientId: string): void;
  edit(clientId: string): void;
  discard(clientId: string): void;
  setLanguage(language: Language): void;
  setDraft(text: string): void;
  download(): void;
}
