/** Switches of this browser's settings: language, colours, sound. */

import type { JSX } from "preact";
import { desk } from "../app";
import { prefs } from "../browser";
import { t } from "../i18n";
import type { Theme } from "../store/prefs";
import type { Language } from "../types";

/** Speaks in the other language, for whoever cannot read this one. */
export function LanguageSwitch(): JSX.Element {
  const other: Language = prefs.language.value === "pl" ? "en" : "pl";
  const change = async (): Promise<void> => {
    // The server's own words, like summaries, come in the new language; without it ours still do.
    await desk.session.tellLanguage(other).catch((error: unknown) => desk.tell(error));
    prefs.language.value = other;
    desk.restart();
  };
  return (
    <button type="button" class="plain" lang={other} aria-label={t.value.switchLanguageLabel} onClick={() => void change()}>
      {t.value.switchLanguage}
    </button>
  );
}

const THEMES: readonly Theme[] = ["auto", "light", "dark"];

export function ThemeSwitch(): JSX.Element {
  const texts = t.value.settings;
  return (
    <label class="inline">
      <span class="unseen">{texts.theme}</span>
      <select
        value={prefs.theme.value}
        onChange={(event) => {
          prefs.theme.value = THEMES.find((one) => one === event.currentTarget.value) ?? "auto";
        }}
      >
        {THEMES.map((theme) => (
          <option key={theme} value={theme}>
            {texts.themes[theme]}
          </option>
        ))}
      </select>
    </label>
  );
}

export function SoundSwitch(): JSX.Element {
  const on = prefs.sound.value;
  return (
    <button
      type="button"
      class="plain toggle"
      aria-pressed={on}
      onClick={() => {
        prefs.sound.value = !on;
      }}
    >
      {t.value.settings.sound}
    </button>
  );
}
