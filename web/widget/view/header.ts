/** The panel's head: who answers, the way to a person, the language, minimise. */

import type { Language } from "../protocol";
import type { State } from "../state";
import { TEXTS } from "../texts";
import type { Actions } from "./actions";
import { button, h, icon, ICONS, setAttribute, setText } from "./dom";

export class Header {
  readonly element: HTMLElement;
  private readonly title = h("h2", { id: "title" });
  private readonly status = h("p", { class: "status" });
  private readonly language: HTMLButtonElement;
  private readonly minimise: HTMLButtonElement;
  private readonly humanText = h("span");
  private readonly human: HTMLButtonElement;
  private shown: Language = "pl";

  constructor(
    actions: Actions,
    private readonly ownTitle: string | null,
  ) {
    this.language = button("plain language", () =>
      actions.setLanguage(this.shown === "pl" ? "en" : "pl"),
    );
    this.minimise = button("plain", actions.minimise, icon(ICONS.minimise));
    this.human = button("human", actions.askForHuman, icon(ICONS.person), this.humanText);
    this.element = h(
      "div",
      { class: "head" },
      h("div", { class: "who" }, this.title, this.status),
      h("div", { class: "tools" }, this.language, this.minimise),
      this.human,
    );
  }

  update(state: State): void {
    const texts = TEXTS[state.language];
    const other: Language = state.language === "pl" ? "en" : "pl";
    this.shown = state.language;
    setText(this.title, this.ownTitle ?? texts.title);
    const agent = state.controller === "agent";
    setText(
      this.status,
      state.controller === "agent" ? texts.statusAgent(state.agent) : texts.status[state.controller],
    );
    setText(this.language, other.toUpperCase());
    // The name starts with what is seen (WCAG 2.5.3) and is in the language it leads to.
    setAttribute(this.language, "aria-label", `${other.toUpperCase()} – ${texts.switchLanguage}`);
    setAttribute(this.language, "title", texts.switchLanguage);
    setAttribute(this.language, "lang", other);
    setAttribute(this.minimise, "aria-label", texts.minimise);
    setAttribute(this.minimise, "title", `${texts.minimise} (Esc)`);
    setText(this.humanText, texts.human);
    // With a person already there, the button would only confuse.
    this.human.hidden = agent;
  }
}
