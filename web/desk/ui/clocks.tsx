/** Clocks that count: the due time of an answer, the statutory deadline. */

import type { JSX } from "preact";
import { now } from "../clock";
import { day, daysLeft, span } from "../i18n/format";
import { language, t } from "../i18n";
import type { CaseRow, Legal } from "../types";
import { Chip } from "./basics";

/** Less than this is left: at risk. */
const SOON_MS = 5 * 60_000;
const SOON_DAYS = 3;
const DONE: readonly string[] = ["closed", "abandoned", "bot"];

/** How an answer stands against its due time; nothing once it was given. */
export function DueChip({ row }: { row: CaseRow }): JSX.Element | null {
  if (row.answered_at || DONE.includes(row.state)) return null;
  const left = Date.parse(row.due_at) - now.value;
  const tone = left < 0 ? "bad" : left < SOON_MS ? "warn" : "quiet";
  const text = left < 0 ? t.value.card.late(span(language(), -left)) : t.value.card.left(span(language(), left));
  return <Chip tone={tone}>{text}</Chip>;
}

export function legalTone(days: number): string {
  return days < 0 ? "bad" : days <= SOON_DAYS ? "warn" : "quiet";
}

/** Days left of a statutory deadline; nothing once it was answered. */
export function LegalChip({ legal }: { legal: Legal | null }): JSX.Element | null {
  if (!legal || legal.answered_at) return null;
  const days = daysLeft(legal.due, now.value);
  return (
    <Chip tone={legalTone(days)}>
      <span title={day(language(), legal.due)}>§ {t.value.card.days(days)}</span>
    </Chip>
  );
}

/** How long it has been since `at`. */
export function Since({ at }: { at: string }): JSX.Element {
  return <>{span(language(), now.value - Date.parse(at))}</>;
}
