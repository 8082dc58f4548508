/** Where the customer writes: quick replies, text field, counter. */

import { lengthOf, offeredButtons } from "../state";
import type { State } from "../state";
import { TEXTS } from "../texts";
import { wellFormed } from "../wellformed";
import type { Actions } from "./actions";
import { button, h, icon, ICONS, setAttribute, setText } from "./dom";

/** The counter shows when fewer characters than this are left. */
const COUNT_BELOW = 200;

export class Composer {
  readonly element: HTMLElement;
  private readonly replies = h("div", { class: "replies", role: "group" });
  private readonly label = h("label", { for: "text", class: "unseen" });
  private readonly field = h("textarea", { id: "text", rows: 1, autocomplete: "off", "aria-describedby": "left" });
  private readonly left = h("p", { id: "left", class: "left" });
  private readonly sendButton: HTMLButtonElement;
  private offered = "";
  private limit = 2000;

  constructor(private readonly actions: Actions) {
    this.sendButton = button("send", () => this.send(), icon(ICONS.send));
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.field.addEventListener("input", () => actions.setDraft(this.field.value));
    const row = h("div", { class: "row" }, this.label, this.field, this.sendButton);
    this.element = h("div", { class: "composer" }, this.replies, row, this.left);
  }

  focus(): void {
    this.field.focus();
  }

  update(state: State): void {
    const texts = TEXTS[state.language];
    this.limit = state.textLimit;
    setText(this.label, texts.message);
    setAttribute(this.field, "placeholder", texts.placeholder);
    setAttribute(this.sendButton, "aria-label", texts.send);
    setAttribute(this.sendButton, "title", texts.send);
    setAttribute(this.replies, "aria-label", texts.quickReplies);
    if (this.field.value !== state.draft) this.field.value = state.draft;
    this.updateCounter(state);
    this.updateReplies(state);
  }

  private updateCounter(state: State): void {
    const texts = TEXTS[state.language];
    const length = lengthOf(state.draft.trim());
    const left = state.textLimit - length;
    const tooLong = left < 0;
    setAttribute(this.field, "aria-invalid", tooLong ? "true" : null);
    this.left.classList.toggle("failed", tooLong);
    this.left.hidden = left >= COUNT_BELOW;
    setText(this.left, tooLong ? texts.tooLong(length, state.textLimit) : texts.left(left));
  }

  private updateReplies(state: State): void {
    const offer = offeredButtons(state);
    const offered = JSON.stringify(offer);
    if (offered === this.offered) return;
    this.offered = offered;
    const hadFocus = this.replies.matches(":focus-within");
    const buttons = (offer?.buttons ?? []).map(({ title, payload }) =>
      button("reply", () => offer && this.actions.choose(offer.seq, title, payload), title),
    );
    this.replies.replaceChildren(...buttons);
    this.replies.hidden = !buttons.length;
    if (hadFocus) this.focus();
  }

  /** Send what is written; when it is too long, the sentence below the field says so. */
  private send(): void {
    const text = wellFormed(this.field.value).trim();
    if (text && lengthOf(text) <= this.limit) this.actions.say(text);
    this.focus();
  }
}
