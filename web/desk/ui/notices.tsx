/** Notices at the foot of the page; the region is there from the start, so each is announced once. */

import type { JSX } from "preact";
import { desk } from "../app";
import { t, word } from "../i18n";
import type { Notice } from "../store/notices";
import { Icon } from "./basics";

/** What a notice says. */
export function noticeText(notice: Notice): string {
  const texts = t.value;
  const said = texts.notices[notice.code];
  if (typeof said === "function") {
    const why = notice.why ? ` ${word(texts.whys, notice.why)}` : "";
    return said(notice.about) + why;
  }
  return problemText(notice.code, notice.about);
}

/** What a problem's code means, about a case if one is named. */
export function problemText(code: string, about = ""): string {
  const text = t.value.problems[code] ?? t.value.problemOther;
  return about ? `${about}: ${text}` : text;
}

export function NoticesView(): JSX.Element {
  const all = desk.notices.all.value;
  return (
    <div class="notices" role="status" aria-label={t.value.notices.label}>
      {all.map((notice) => (
        <div key={notice.id} class={`notice ${notice.kind}`}>
          <span>{noticeText(notice)}</span>
          <button
            type="button"
            class="plain square"
            aria-label={t.value.notices.dismiss}
            onClick={() => desk.notices.dismiss(notice.id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
