/** The chat panel: a non-modal dialog. */

import { speaker } from "../format";
import type { State } from "../state";
import { TEXTS } from "../texts";
import type { Actions } from "./actions";
import { Composer } from "./composer";
import { button, h, setAttribute, setText } from "./dom";
import { Header } from "./header";
import { Log } from "./log";

export interface Options {
  title: string | null;
  /** Address of the shop's privacy page. */
  privacy: string | null;
}

export class Panel {
  readonly element: HTMLElement;
  private readonly header: Header;
  private readonly log: Log;
  private readonly composer: Composer;
  private readonly queue = h("p", { class: "queue" });
  private readonly typing = h("p", { class: "typing" });
  private readonly typingText = h("span");
  private readonly privacyText = h("span");
  private readonly privacyLink: HTMLAnchorElement | null;
  private readonly download: HTMLButtonElement;

  constructor(actions: Actions, options: Options) {
    this.header = new Header(actions, options.title);
    this.log = new Log(actions);
    this.composer = new Composer(actions);
    this.typing.append(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), this.typingText);
    this.privacyLink = options.privacy
      ? h("a", { href: options.privacy, target: "_blank", rel: "noopener" })
      : null;
    this.download = button("link", actions.download);
    this.element = h(
      "section",
      { class: "panel", role: "dialog", "aria-modal": "false", "aria-labelledby": "title" },
      this.header.element,
      this.queue,
      h("div", { class: "middle" }, this.log.element, this.log.more),
      this.typing,
      this.composer.element,
      this.footer(),
    );
  }

  focus(): void {
    this.composer.focus();
  }

  update(state: State): void {
    const texts = TEXTS[state.language];
    const appears = this.element.hidden && state.open;
    this.element.hidden = !state.open;
    setAttribute(this.element, "lang", state.language);
    this.header.update(state);
    this.log.update(state);
    this.composer.update(state);
    this.updateQueue(state);
    this.typing.hidden = !state.typing;
    const who = state.typing && speaker({ author: state.typing, name: state.agent }, state.language);
    setText(this.typingText, who ? texts.typing(who) : "");
    setText(this.privacyText, texts.privacy);
    if (this.privacyLink) setText(this.privacyLink, texts.privacyLink);
    setText(this.download, texts.download);
    this.download.hidden = !state.turns.length;
    if (appears) this.log.toEnd();
  }

  private updateQueue({ queue, language }: State): void {
    const texts = TEXTS[language];
    this.queue.hidden = !queue;
    if (!queue) return;
    const waiting = queue.waiting ? ` ${texts.waiting(queue.waiting)}` : "";
    setText(this.queue, texts.queue(queue.position) + waiting);
  }

  private footer(): HTMLElement {
    const line = h("p", {}, this.privacyText);
    if (this.privacyLink) line.append(" ", this.privacyLink);
    return h("div", { class: "foot" }, line, this.download);
  }
}
