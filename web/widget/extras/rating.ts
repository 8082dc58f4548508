/** How was it with the agent? Asked once, answered or not. */

import type { Host } from "../extras";
import { newId } from "../ids";
import type { Language, ServerFrame } from "../protocol";
import type { State } from "../state";
import { button, h, setText } from "../view/dom";
import { wellFormed } from "../wellformed";
import { inLog, keepFocus } from "./log";
import { EXTRA_TEXTS } from "./texts";

const LONGEST_COMMENT = 1000;

export class Rating {
  private form: HTMLElement | null = null;
  private case = "";
  private language: Language = "pl";
  private online = false;
  /** Client id of the rating that was sent. */
  private sent = "";
  private readonly error = h("p", { class: "failed" });
  private readonly thanks = h("p", { class: "divider" });
  private lastSeq = 0;

  constructor(private readonly host: Host) {}

  update(state: State): void {
    const translated = state.language !== this.language;
    this.language = state.language;
    this.online = state.link === "online";
    if (state.lastSeq > this.lastSeq) this.thanks.remove();
    this.lastSeq = state.lastSeq;
    if (state.csat === null) this.close();
    else if (!this.form || translated || state.csat !== this.case) this.ask(state.csat);
  }

  hear(frame: ServerFrame): void {
    if (frame.type !== "error" || !this.sent || frame.client_id !== this.sent) return;
    this.sent = "";
    // Refused: it was rated already, in another tab or before the connection broke.
    if (frame.code === "refused") this.host.hear({ type: "csat", case: null });
    else this.tell(EXTRA_TEXTS[this.language].notRated);
  }

  private ask(caseId: string): void {
    const texts = EXTRA_TEXTS[this.language];
    const chosen = this.form?.querySelector<HTMLInputElement>(":checked")?.value;
    const written = this.form?.querySelector("textarea")?.value ?? "";
    this.form?.remove();
    this.case = caseId;
    setText(this.error, "");
    const scores = texts.scores.map((name, i) =>
      h(
        "label",
        {},
        h("input", { type: "radio", name: "score", value: i + 1, checked: chosen === String(i + 1) }),
        h("span", {}, `${i + 1} – ${name}`),
      ),
    );
    const comment = h("textarea", { rows: 2, maxlength: LONGEST_COMMENT });
    comment.value = written;
    this.form = h(
      "fieldset",
      { class: "rating" },
      h("legend", {}, texts.question),
      ...scores,
      h("label", { class: "comment" }, texts.comment, comment),
      this.error,
      h(
        "div",
        {},
        button("small", () => this.send(), texts.rate),
        button("small", () => this.host.hear({ type: "csat", case: null }), texts.notNow),
      ),
    );
    inLog(this.host.root, (log) => log.append(this.form!));
  }

  private send(): void {
    const texts = EXTRA_TEXTS[this.language];
    const score = Number(this.form?.querySelector<HTMLInputElement>(":checked")?.value ?? 0);
    const comment = wellFormed(this.form?.querySelector("textarea")?.value ?? "");
    if (!score) return this.tell(texts.choose);
    if (!this.online) return this.tell(texts.notRated);
    this.tell("");
    this.sent = newId();
    this.host.send({ type: "rate", client_id: this.sent, case: this.case, score, comment });
  }

  private tell(text: string): void {
    inLog(this.host.root, () => setText(this.error, text));
  }

  /** Answered, here or elsewhere, or not wanted now. */
  private close(): void {
    if (!this.form) return;
    keepFocus(this.host.root, this.form);
    this.form.remove();
    this.form = null;
    if (!this.sent) return;
    this.sent = "";
    setText(this.thanks, EXTRA_TEXTS[this.language].thanks);
    inLog(this.host.root, (log) => log.append(this.thanks));
  }
}
