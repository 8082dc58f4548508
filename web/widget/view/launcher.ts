/** The round button that opens the chat, with the number of unread messages. */

import { unread } from "../state";
import type { State } from "../state";
import { TEXTS } from "../texts";
import { button, h, icon, ICONS, setAttribute, setText } from "./dom";

export class Launcher {
  readonly element: HTMLButtonElement;
  private readonly count = h("span", { class: "count", "aria-hidden": "true", hidden: true });

  constructor(onClick: () => void) {
    this.element = button("launcher", onClick, icon(ICONS.chat), this.count);
    setAttribute(this.element, "aria-expanded", "false");
    setAttribute(this.element, "aria-haspopup", "dialog");
  }

  update(state: State): void {
    const texts = TEXTS[state.language];
    const waiting = unread(state);
    this.element.hidden = state.open;
    this.count.hidden = waiting === 0;
    setText(this.count, waiting > 99 ? "99+" : String(waiting));
    setAttribute(this.element, "lang", state.language);
    setAttribute(
      this.element,
      "aria-label",
      waiting ? `${texts.launcher}, ${texts.unread(waiting)}` : texts.launcher,
    );
  }
}

/** `title` with the number of unread messages before it; an earlier number is replaced. */
export function titleWith(title: string, waiting: number): string {
  const plain = title.replace(/^\(\d+\) /, "");
  return waiting ? `(${waiting}) ${plain}` : plain;
}
