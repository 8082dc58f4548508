/**
 * Keyboard shortcuts. With the left Alt they work everywhere; letters that Polish keyboards use
 * for ą ć ę ł ń ó ś ź ż are left alone, because on a Mac both Alt keys write them.
 */

import { signal } from "@preact/signals";
import { prefs } from "../browser";

/** Names of `KeyboardEvent.code`. */
export const KEYS = {
  accept: "KeyY",
  decline: "KeyQ",
  inbox: "KeyI",
  message: "KeyM",
  card: "KeyK",
  next: "KeyJ",
  unread: "KeyU",
  hold: "KeyH",
  transfer: "KeyT",
  bot: "KeyB",
  callback: "KeyR",
  wrap: "KeyW",
  knowledge: "KeyG",
  presence: "KeyP",
} as const;

export type KeyName = keyof typeof KEYS;

const byCode = new Map<string, KeyName>(Object.entries(KEYS).map(([name, code]) => [code, name as KeyName]));

/** The shortcut sheet is open. */
export const sheetOpen = signal(false);

/** The shortcut that a key press asks for. */
export function shortcut(event: KeyboardEvent): KeyName | null {
  const alt = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!alt || event.getModifierState("AltGraph")) return null;
  return byCode.get(event.code) ?? null;
}

/** What is shown on the sheet: "Alt + Y". */
export function keyLabel(name: KeyName): string[] {
  return ["Alt", KEYS[name].replace("Key", "")];
}

/** Whether a press of a letter is text for a field. */
export function isTyping(event: Event): boolean {
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}

/** Whether a press asks for the sheet of shortcuts. */
export function asksForSheet(event: KeyboardEvent): boolean {
  return event.key === "?" && !event.altKey && !event.ctrlKey && !isTyping(event) && prefs.singleKeys.value;
}

/** Parts of the screen in the order of F6. */
export const REGIONS = ["top", "inbox", "talk", "card"] as const;

/** Put the focus on the next or previous part of the screen. */
export function focusRegion(step: 1 | -1): void {
  const regions = REGIONS.map((id) => document.getElementById(id)).filter((one) => one !== null);
  const at = regions.findIndex((one) => one.contains(document.activeElement));
  regions[(at + step + regions.length) % regions.length]?.focus();
}
