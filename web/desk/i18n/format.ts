/** Numbers, dates and spans of time in words, in the desk's language. */

import type { Language } from "../types";

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

const rules = { pl: new Intl.PluralRules("pl"), en: new Intl.PluralRules("en") };

/** `n` and the noun in the form that `n` asks for (CLDR plural rules). */
export function counted(language: Language, n: number, forms: Forms): string {
  return `${n.toLocaleString(language)} ${forms[rules[language].select(n)] ?? forms.other}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS = { pl: { d: "d", h: "godz.", m: "min", s: "s" }, en: { d: "d", h: "h", m: "min", s: "s" } };

/** A span in one or two units: "45 s", "3 min", "2 godz. 5 min", "4 d 2 godz.". */
export function span(language: Language, ms: number): string {
  const unit = UNITS[language];
  const whole = Math.max(0, Math.floor(ms / 1000)) * 1000;
  if (whole < MINUTE_MS) return `${whole / 1000} ${unit.s}`;
  if (whole < HOUR_MS) return `${Math.floor(whole / MINUTE_MS)} ${unit.m}`;
  const [big, bigMs, small, smallMs] =
    whole < DAY_MS ? [unit.h, HOUR_MS, unit.m, MINUTE_MS] : [unit.d, DAY_MS, unit.h, HOUR_MS];
  const rest = Math.floor((whole % bigMs) / smallMs);
  const first = `${Math.floor(whole / bigMs)} ${big}`;
  return rest ? `${first} ${rest} ${small}` : first;
}

const LOCALES = { pl: "pl-PL", en: "en-GB" };

/** "14:05", with the day when it is not today's. */
export function clock(language: Language, iso: string, now: number): string {
  const at = new Date(iso);
  const today = at.toDateString() === new Date(now).toDateString();
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  return at.toLocaleString(LOCALES[language], today ? time : { ...time, day: "numeric", month: "short" });
}

/** "24 listopada 2026". */
export function day(language: Language, iso: string): string {
  const options = { day: "numeric", month: "long", year: "numeric" } as const;
  // A date without a time is a day of the calendar, not a moment: it must not move with the zone.
  const plain = /^\d{4}-\d{2}-\d{2}$/.test(iso);
  return new Date(iso).toLocaleDateString(LOCALES[language], plain ? { ...options, timeZone: "UTC" } : options);
}

/** "24 listopada 2026, 14:05:09". */
export function moment(language: Language, iso: string): string {
  return new Date(iso).toLocaleString(LOCALES[language], {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}

/** "12 kB". */
export function bytes(language: Language, size: number): string {
  const number = (value: number): string => value.toLocaleString(language, { maximumFractionDigits: 1 });
  return size < 1_000_000 ? `${number(Math.max(1, Math.round(size / 1000)))} kB` : `${number(size / 1_000_000)} MB`;
}

const DAY = /^\d{4}-\d{2}-\d{2}/;

/** Calendar days from today to the due day; negative when it has passed. */
export function daysLeft(due: string, now: number): number {
  const today = new Date(now);
  const dueDay = DAY.exec(due)?.[0] ?? due;
  const from = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate());
  return Math.round((Date.parse(dueDay) - from) / DAY_MS);
}

/** A KPI's value with its unit: `percent`, `seconds` or `count`. */
export function measured(language: Language, value: number | null, unit: string): string {
  if (value === null) return "–";
  const number = (digits: number): string => value.toLocaleString(language, { maximumFractionDigits: digits });
  if (unit === "percent") return `${number(1)} %`;
  if (unit === "seconds") return span(language, value * 1000);
  return number(2);
}
