/** The call panel on the page. */

import type { Owner, Phone, State } from "./phone";
import { KEYS } from "./protocol";
import type { Language } from "./protocol";
import { TEXTS } from "./texts";

const MOST_CAPTIONS = 100;
const CODE = /^\d{6}$/;

/** An element with these properties and children. */
function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

export class View implements Owner {
  private readonly texts;
  private readonly callButton;
  private readonly hangUpButton;
  private readonly status = make("p", { className: "call-status", role: "status" });
  private readonly captions;
  private readonly keypad;
  private readonly code;
  private readonly beforeCall;

  constructor(
    room: HTMLElement,
    private readonly language: Language,
    private readonly phone: () => Phone,
    demoModel: boolean,
  ) {
    const texts = TEXTS[language];
    this.texts = texts;
    this.callButton = make("button", {
      type: "submit",
      className: "main-button",
      textContent: texts.call,
    });
    this.hangUpButton = make("button", {
      type: "button",
      className: "main-button hang-up",
      textContent: texts.hangUp,
      hidden: true,
      onclick: () => phone().hangUp(),
    });
    this.code = make("input", {
      type: "text",
      inputMode: "numeric",
      autocomplete: "one-time-code",
      pattern: "[0-9]{6}",
      maxLength: 6,
      title: texts.codeWrong,
    });
    const notes = demoModel ? [texts.privacy, texts.demo] : [texts.privacy];
    this.beforeCall = make(
      "form",
      { className: "call-form" },
      this.callButton,
      make("label", {}, `${texts.code} `, this.code),
      ...notes.map((textContent) => make("p", { className: "call-note", textContent })),
    );
    this.beforeCall.onsubmit = (event) => {
      event.preventDefault();
      void phone().call(this.language, CODE.test(this.code.value) ? this.code.value : null);
    };
    this.captions = make("div", { className: "call-captions", role: "log", hidden: true, tabIndex: 0 });
    this.captions.ariaLabel = texts.captions;
    this.keypad = this.makeKeypad();
    room.ariaLabel = texts.panel;
    room.append(this.beforeCall, this.status, this.hangUpButton, this.keypad, this.captions);
    room.addEventListener("keydown", (event) => this.onKey(event));
    room.hidden = false;
  }

  onState(state: State): void {
    const { texts } = this;
    const busy = this.phone().isBusy;
    const focused = document.activeElement;
    this.status.textContent =
      state.name === "ended" ? texts.ended[state.why] : state.name === "idle" ? "" : texts[state.name];
    this.beforeCall.hidden = busy;
    this.hangUpButton.hidden = !busy;
    this.keypad.hidden = state.name !== "talking";
    this.callButton.textContent = state.name === "ended" ? texts.again : texts.call;
    if (state.name === "asking") this.captions.replaceChildren();
    if (state.name === "asking" || state.name === "connecting") this.captions.hidden = true;
    if (state.name === "ended") this.code.value = "";
    // The focus stays in the panel when what had it goes away.
    if (busy && focused && this.beforeCall.contains(focused)) this.hangUpButton.focus();
    if (!busy && (focused === this.hangUpButton || (focused && this.keypad.contains(focused)))) {
      this.callButton.focus();
    }
  }

  onCaption(who: "caller" | "bot", text: string): void {
    const line = make("p", {}, make("strong", { textContent: `${this.texts[who]}: ` }), text);
    this.captions.hidden = false;
    this.captions.append(line);
    while (this.captions.childElementCount > MOST_CAPTIONS) this.captions.firstElementChild?.remove();
    this.captions.scrollTop = this.captions.scrollHeight;
  }

  private makeKeypad(): HTMLElement {
    const keypad = make("div", { className: "keypad", role: "group", hidden: true });
    keypad.ariaLabel = this.texts.keypad;
    for (const key of KEYS) {
      keypad.append(
        make("button", { type: "button", textContent: key, onclick: () => this.phone().press(key) }),
      );
    }
    return keypad;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target === this.code || event.ctrlKey || event.altKey || event.metaKey) return;
    if ((KEYS as readonly string[]).includes(event.key)) this.phone().press(event.key);
  }
}
