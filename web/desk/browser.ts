/** The browser behind the desk: storage, colours, language of the page. */

import { effect } from "@preact/signals";
import { loadPrefs } from "./store/prefs";
import type { Keep } from "./store/prefs";

/** Storage that may be switched off. */
function storage(name: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return globalThis[name] ?? null;
  } catch {
    return null;
  }
}

const NOTHING: Keep & Pick<Storage, "removeItem"> = {
  getItem: () => null,
  setItem: () => undefined,
  removeItem: () => undefined,
};

export const tabStorage = storage("sessionStorage") ?? NOTHING;

export const prefs = loadPrefs(storage("localStorage") ?? NOTHING);

/** Keep the page's language and colours as they are set. */
export function dressPage(): void {
  effect(() => {
    document.documentElement.lang = prefs.language.value;
    document.documentElement.dataset.theme = prefs.theme.value;
  });
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
