/**
 * The list of messages, the widget's only live region.
 *
 * role="log" speaks additions once. A node is therefore made once per message and kept: the turn
 * that confirms a message updates its node instead of replacing it. Nothing else in the widget is
 * a live region, so what must be heard (a lost connection, a message not sent) is added here.
 */

import { linkify, shownTime, speaker } from "../format";
import type { Outgoing } from "../outbox";
import type { Turn } from "../protocol";
import { isReplaying } from "../state";
import type { State } from "../state";
import { TEXTS } from "../texts";
import type { Texts } from "../texts";
import type { Actions } from "./actions";
import { button, h, setAttribute, setText } from "./dom";

/** So near to its end, in pixels, the list counts as being at its end. */
const NEAR_PX = 48;

interface Item {
  key: string;
  turn: Pick<Turn, "author" | "name" | "text" | "at" | "language">;
  outgoing: Outgoing | null;
}

interface Row {
  element: HTMLElement;
  who: HTMLElement;
  time: HTMLTimeElement;
  words: HTMLElement;
  /** What is shown in `state`, to touch it only when it changes. */
  shownState: string;
  state: HTMLElement;
}

export class Log {
  readonly element: HTMLElement;
  /** Leads to new messages when the customer has scrolled up. */
  readonly more: HTMLButtonElement;
  private readonly rows = new Map<string, Row>();
  private readonly banner = h("p", { class: "banner" });
  private readonly expired = h("p", { class: "divider" });
  private bannerText = "";
  private lastKey = "";
  /** The customer looks at the end, and wants to go on doing so. */
  private atEnd = true;
  private top = 0;

  constructor(private readonly actions: Actions) {
    this.element = h("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      "aria-relevant": "additions",
      tabindex: 0,
    });
    this.more = button("more", () => this.toEnd());
    this.more.hidden = true;
    this.element.addEventListener("scroll", () => {
      const { scrollTop, clientHeight, scrollHeight } = this.element;
      // Only scrolling up leaves the end: the end itself moves when the list gets smaller.
      if (scrollTop + clientHeight >= scrollHeight - NEAR_PX) this.atEnd = true;
      else if (scrollTop < this.top) this.atEnd = false;
      this.top = scrollTop;
      if (this.atEnd) this.more.hidden = true;
    });
    // What appears around the list makes it smaller without scrolling it.
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.element);
  }

  update(state: State): void {
    const texts = TEXTS[state.language];
    setAttribute(this.element, "aria-label", texts.log);
    setAttribute(this.element, "aria-busy", isReplaying(state) ? "true" : "false");
    setText(this.more, `${texts.newMessages} ↓`);
    const items = itemsOf(state);
    this.reconcile(items, state, texts);
    this.showBanner(bannerOf(state, texts), state.language);
    this.follow(items.at(-1));
  }

  /** Show the end of the list. */
  toEnd(): void {
    this.atEnd = true;
    this.element.scrollTop = this.element.scrollHeight;
    this.more.hidden = true;
  }

  private follow(last: Item | undefined): void {
    const isNew = last !== undefined && last.key !== this.lastKey;
    if (isNew) this.lastKey = last.key;
    if (this.atEnd || (isNew && last.turn.author === "customer")) this.toEnd();
    else if (isNew) this.more.hidden = false;
  }

  private reconcile(items: readonly Item[], state: State, texts: Texts): void {
    const wanted = new Set(items.map((item) => item.key));
    for (const [key, row] of this.rows) {
      if (wanted.has(key)) continue;
      row.element.remove();
      this.rows.delete(key);
    }
    const order: HTMLElement[] = items.map((item) => {
      const row = this.rows.get(item.key) ?? this.makeRow(item);
      this.updateRow(row, item, state, texts);
      return row.element;
    });
    if (state.past.length) order.splice(state.past.length, 0, this.expired);
    else this.expired.remove();
    setText(this.expired, texts.expired);
    this.arrange(order);
  }

  /** Put the elements in this order, moving only those that are out of place. */
  private arrange(order: readonly HTMLElement[]): void {
    let previous: Element | null = this.bannerText ? this.banner : null;
    for (const element of order) {
      const next: Element | null = previous ? previous.nextElementSibling : this.element.firstElementChild;
      if (next !== element) this.element.insertBefore(element, next);
      previous = element;
    }
  }

  private makeRow(item: Item): Row {
    const { author, text } = item.turn;
    const who = h("span", { class: "name" });
    const time = h("time");
    const state = h("div", { class: "state" });
    const words = h("p", { class: "text" });
    for (const piece of linkify(text)) {
      words.append(
        piece.href
          ? h("a", { href: piece.href, target: "_blank", rel: "noopener noreferrer nofollow" }, piece.text)
          : piece.text,
      );
    }
    const element = h("div", { class: `turn ${author}`, "data-key": item.key }, h("div", { class: "meta" }, who, " ", time), words, state);
    const row = { element, who, time, words, state, shownState: "" };
    this.rows.set(item.key, row);
    return row;
  }

  private updateRow(row: Row, item: Item, state: State, texts: Texts): void {
    setText(row.who, speaker(item.turn, state.language));
    setText(row.time, shownTime(item.turn.at, state.language, new Date()));
    setAttribute(row.time, "datetime", item.turn.at);
    setAttribute(row.words, "lang", item.turn.language || null);
    const { outgoing } = item;
    const shown = outgoing ? `${outgoing.progress} ${outgoing.code} ${state.language}` : "";
    if (shown === row.shownState) return;
    row.shownState = shown;
    row.state.replaceChildren(...(outgoing ? this.progress(outgoing, texts) : []));
  }

  private progress(message: Outgoing, texts: Texts): (Node | string)[] {
    const { clientId, progress, code, kind, retryable } = message;
    if (progress === "accepted") return [];
    // Hidden from screen readers: they would hear it with every message, and never that it ended.
    if (progress !== "failed") {
      return [h("span", { "aria-hidden": "true" }, progress === "sent" ? texts.sending : texts.waits)];
    }
    const reason = texts.reasons[code ?? ""] ?? texts.reasonUnknown;
    const ways = [
      ...(retryable ? [button("small", () => this.actions.retry(clientId), texts.retry)] : []),
      ...(kind === "say" ? [button("small", () => this.actions.edit(clientId), texts.edit)] : []),
      button("small", () => this.actions.discard(clientId), texts.discard),
    ];
    return [h("span", { class: "failed" }, `${texts.notSent} ${reason}`), ...ways];
  }

  private showBanner(text: string, language: string): void {
    if (text === this.bannerText) return;
    this.bannerText = text;
    this.banner.remove();
    setText(this.banner, text);
    setAttribute(this.banner, "lang", language);
    if (text) this.element.prepend(this.banner);
  }
}

function bannerOf(state: State, texts: Texts): string {
  const { link, notice } = state;
  if (link === "offline" || link === "busy" || link === "refused") return texts.banner[link];
  return notice ? (texts.notices[notice] ?? texts.noticeUnknown) : "";
}

/** Turns and messages on their way, in the order of the list. */
function itemsOf(state: State): Item[] {
  const ofTurn =
    (prefix: string) =>
    (turn: Turn): Item => ({ key: prefix + (turn.client_id ?? turn.id), turn, outgoing: null });
  const onTheWay = state.outbox.map((outgoing): Item => {
    const { clientId, text, at } = outgoing;
    return {
      key: clientId,
      turn: { author: "customer", name: null, text, at, language: "" },
      outgoing,
    };
  });
  return [...state.past.map(ofTurn("past ")), ...state.turns.map(ofTurn("")), ...onTheWay];
}
