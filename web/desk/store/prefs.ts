/** What an agent has set in this browser: language, colours, sound, shortcuts of one letter. */

import { effect, signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { Language } from "../types";

export type Theme = "auto" | "light" | "dark";

export interface Prefs {
  language: Signal<Language>;
  theme: Signal<Theme>;
  sound: Signal<boolean>;
  /** Shortcuts without a modifier can be switched off (WCAG 2.1.4). */
  singleKeys: Signal<boolean>;
  /** The question about OS notifications was put aside. */
  notifyAsked: Signal<boolean>;
}

const KEY = "frontline-desk";

export type Keep = Pick<Storage, "getItem" | "setItem">;

/** The settings of before, each change kept in `keep`. */
export function loadPrefs(keep: Keep): Prefs {
  const saved = read(keep);
  const prefs: Prefs = {
    language: signal<Language>(saved.language === "en" ? "en" : "pl"),
    theme: signal<Theme>(saved.theme === "light" || saved.theme === "dark" ? saved.theme : "auto"),
    sound: signal(saved.sound !== false),
    singleKeys: signal(saved.singleKeys !== false),
    notifyAsked: signal(saved.notifyAsked === true),
  };
  effect(() => {
    const values = Object.fromEntries(Object.entries(prefs).map(([name, value]) => [name, value.value]));
    try {
      keep.setItem(KEY, JSON.stringify(values));
    } catch {
      // Storage is switched off: the settings last as long as the page.
    }
  });
  return prefs;
}

function read(keep: Keep): Record<string, unknown> {
  try {
    const saved: unknown = JSON.parse(keep.getItem(KEY) ?? "{}");
    return saved && typeof saved === "object" ? (saved as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
