/** From the chat to the phone and back: a number with a code to call with, and the code from a call. */

import type { Host } from "../extras";
import type { Language } from "../protocol";
import type { State } from "../state";
import { readSession } from "../storage";
import { button, h, setText } from "../view/dom";
import { inLog, keepFocus } from "./log";
import { EXTRA_TEXTS } from "./texts";

/** Who would rather talk is shown the way; what the bot makes of the sentence is its own matter. */
const RATHER_CALL = /\b(wol|chc|mog)[eęaąl]\w* (do (was|pa[nń]stwa) )?(za)?dzwoni|\b(rather|prefer to|like to|can i) (call|phone)\b/i;

export function wouldRatherCall(text: string): boolean {
  return RATHER_CALL.test(text);
}

/** "482 913" */
export function grouped(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3)}`;
}

export class Phone {
  private readonly links = h("p", { class: "phone-links", hidden: true });
  private readonly call = button("link", () => this.offer(true));
  private readonly enter = button("link", () => this.ask());
  private box: HTMLElement | null = null;
  private token = "";
  private language: Language | null = null;
  /** The customer's newest turn that was looked at. */
  private seen = -1;

  constructor(private readonly host: Host) {
    this.links.append(this.call, " ", this.enter);
    host.root.querySelector(".foot")!.append(this.links);
    void this.look();
  }

  update(state: State): void {
    this.token = state.session?.token ?? "";
    if (state.language !== this.language) {
      this.language = state.language;
      setText(this.call, this.texts.call);
      setText(this.enter, this.texts.haveCode);
      this.close();
    }
    const last = state.turns.findLast((turn) => turn.author === "customer");
    const fresh = last && last.seq > this.seen && this.seen >= 0;
    this.seen = last?.seq ?? 0;
    if (fresh && !this.links.hidden && wouldRatherCall(last.text)) this.offer(false);
  }

  private get texts(): (typeof EXTRA_TEXTS)[Language]["phone"] {
    return EXTRA_TEXTS[this.language ?? "pl"].phone;
  }

  /** Is there a phone line at all? */
  private async look(): Promise<void> {
    try {
      const answer = await fetch(`${this.host.server}chat/phone`);
      this.links.hidden = !answer.ok || !(await answer.json()).number;
    } catch {
      this.links.hidden = true;
    }
  }

  private offer(atOnce: boolean): void {
    if (atOnce) void this.show();
    else this.open(h("p", {}, this.texts.offer), button("small", () => void this.show(), this.texts.showCode));
  }

  private async show(): Promise<void> {
    const texts = this.texts;
    const got = await this.post("chat/phone", {});
    if (typeof got === "string") return this.open(h("p", { class: "failed" }, texts.reasons[got] ?? texts.reasonUnknown));
    const { number, code, expires_at } = got as { number: string; code: string; expires_at: number };
    const until = new Date(expires_at * 1000).toLocaleTimeString(this.language ?? "pl", { hour: "2-digit", minute: "2-digit" });
    const where =
      number === "demo"
        ? h("p", {}, texts.demo)
        : h("p", {}, `${texts.number} `, h("a", { href: `tel:${number.replace(/[^\d+]/g, "")}` }, number));
    this.open(where, h("p", {}, `${texts.code} `, h("strong", { class: "code" }, grouped(code))), h("p", {}, texts.how(until)));
  }

  private ask(): void {
    const texts = this.texts;
    const input = h("input", { inputmode: "numeric", autocomplete: "one-time-code", maxlength: 9, required: true });
    const error = h("p", { class: "failed", role: "alert" });
    const form = h(
      "form",
      {},
      h("label", {}, texts.typeCode, input),
      error,
      h("button", { type: "submit", class: "small" }, texts.goOn),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send(input, error);
    });
    this.open(form);
    input.focus();
  }

  private async send(input: HTMLInputElement, error: HTMLElement): Promise<void> {
    const texts = this.texts;
    setText(error, "");
    if (!/^(\d[\s.-]?){6}$/.test(input.value.trim())) return setText(error, texts.sixDigits);
    const got = await this.post("chat/phone/code", { code: input.value.trim() });
    if (typeof got === "string") {
      setText(error, texts.reasons[got] ?? texts.reasonUnknown);
      return input.focus();
    }
    this.close();
    this.host.adopt(readSession(got));
  }

  /** The answer, or the code of the refusal. */
  private async post(path: string, body: object): Promise<object | string> {
    try {
      const answer = await fetch(this.host.server + path, {
        method: "POST",
        headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      const got = await answer.json();
      return answer.ok ? got : String(got.code);
    } catch {
      return "unknown";
    }
  }

  private open(...content: Node[]): void {
    this.close();
    const box = h("div", { class: "phone" }, ...content, button("small", () => this.close(), this.texts.close));
    this.box = box;
    inLog(this.host.root, (log) => log.append(box));
    box.scrollIntoView({ block: "nearest" });
  }

  private close(): void {
    if (!this.box) return;
    keepFocus(this.host.root, this.box);
    this.box.remove();
    this.box = null;
  }
}
