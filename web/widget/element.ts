/** `<frontline-chat>`: joins the state, the connection and what is seen. */

import { Connection } from "./connection";
import type { World } from "./connection";
import { transcript } from "./format";
import { newId } from "./ids";
import type { Extras } from "./extras";
import type { Content } from "./outbox";
import type { Language } from "./protocol";
import { initialState, step, unread } from "./state";
import type { Effect, Event, State } from "./state";
import { load, save } from "./storage";
import type { Store } from "./storage";
import css from "./style.css";
import { TEXTS } from "./texts";
import type { Actions } from "./view/actions";
import { h } from "./view/dom";
import { Launcher, titleWith } from "./view/launcher";
import { Panel } from "./view/panel";

const TYPING_EVERY_MS = 3_000;
const TYPING_OVER_MS = 5_000;
/** Somebody's "typing" is believed for so long. */
const TYPING_LASTS_MS = 15_000;
const SAVE_DRAFT_AFTER_MS = 300;
const REQUEST_TIMEOUT_MS = 15_000;
/** Where the panel fills the window; the same as in style.css. */
const FULL_SCREEN = "(max-width: 30em), (max-height: 30em)";

const world: World = {
  fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }),
  openSocket: (url) => new WebSocket(url),
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export class FrontlineChat extends HTMLElement {
  private state: State = initialState("pl");
  private connection!: Connection;
  private launcher!: Launcher;
  private panel!: Panel;
  private ready = false;
  private server = "";
  private extras: Extras | null = null;
  private extrasAsked = false;
  private readonly store = sessionStore();
  private saveTimer = 0;
  private typingTimer = 0;
  private typingTold = 0;
  private typingOverTimer = 0;

  connectedCallback(): void {
    if (!this.ready) this.build();
    addEventListener("online", this.onWake);
    addEventListener("pageshow", this.onPageShow);
    addEventListener("pagehide", this.onPageHide);
    document.addEventListener("visibilitychange", this.onVisibility);
    document.addEventListener("keydown", this.onPageKey);
    // Only who has opened the chat before has anything to come back to.
    if (this.state.session || this.state.open) this.connection.start();
    this.update();
  }

  disconnectedCallback(): void {
    removeEventListener("online", this.onWake);
    removeEventListener("pageshow", this.onPageShow);
    removeEventListener("pagehide", this.onPageHide);
    document.removeEventListener("visibilitychange", this.onVisibility);
    document.removeEventListener("keydown", this.onPageKey);
    this.connection.stop();
  }

  /** Open the panel; for buttons of the page. */
  open(): void {
    this.dispatch({ type: "opened" });
    this.connection.start();
    this.panel.focus();
  }

  /** Minimise the panel; the conversation goes on. */
  close(): void {
    if (!this.state.open) return;
    this.dispatch({ type: "closed" });
    this.launcher.element.focus();
  }

  private build(): void {
    this.ready = true;
    const language: Language = this.dataset.lang === "en" ? "en" : "pl";
    const saved = load(this.store);
    this.state = { ...(saved ?? initialState(language)), visible: isVisible() };
    this.server = serverAddress(this.dataset.server);
    this.connection = new Connection(this.server, this.owner(), world);
    this.launcher = new Launcher(() => this.open());
    this.panel = new Panel(this.actions(), {
      title: this.dataset.title ?? null,
      privacy: webAddress(this.dataset.privacy),
    });
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    root.append(this.launcher.element, this.panel.element);
    this.panel.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
    });
  }

  private owner(): ConstructorParameters<typeof Connection>[1] {
    return {
      session: () => this.state.session,
      lastSeq: () => this.state.lastSeq,
      language: () => this.state.language,
      onLink: (link) => this.dispatch({ type: "link", link }),
      onSession: (session) => this.dispatch({ type: "session", session }),
      onFrame: (frame) => this.dispatch({ type: "frame", frame }),
    };
  }

  private actions(): Actions {
    const write = (content: Content): void => {
      this.tellTyping(false);
      this.dispatch({ type: "wrote", clientId: newId(), content });
    };
    return {
      open: () => this.open(),
      minimise: () => this.close(),
      say: (text) => write({ kind: "say", text }),
      choose: (seq, title, payload) => write({ kind: "choose", text: title, seq, payload }),
      askForHuman: () => write({ kind: "human", text: TEXTS[this.state.language].saidHuman }),
      retry: (clientId) => this.dispatch({ type: "retry", clientId }),
      edit: (clientId) => {
        this.dispatch({ type: "edit", clientId });
        this.panel.focus();
      },
      discard: (clientId) => {
        this.dispatch({ type: "discard", clientId });
        this.panel.focus();
      },
      setLanguage: (language) => this.dispatch({ type: "language", language }),
      setDraft: (text) => {
        this.dispatch({ type: "draft", text });
        this.tellTyping(text.trim() !== "");
      },
      download: () => this.download(),
    };
  }

  /** Files, phone and rating are a script of their own, fetched when the chat is opened first. */
  private async loadExtras(): Promise<void> {
    if (this.extrasAsked) return;
    this.extrasAsked = true;
    try {
      const { attach }: typeof import("./extras") = await import(`${this.server}widget-extras.js`);
      this.extras = attach({
        root: this.shadowRoot!,
        server: this.server,
        send: (frame) => this.connection.send(frame),
        hear: (frame) => this.dispatch({ type: "frame", frame }),
        adopt: (session) => {
          this.dispatch({ type: "session", session });
          this.connection.resume();
        },
      });
      this.update();
    } catch (error) {
      this.extrasAsked = false;
      console.warn("frontline-chat: no files and no rating", error);
    }
  }

  private dispatch(event: Event): void {
    const before = this.state;
    const [state, effects] = step(before, event, Date.now());
    this.state = state;
    if (state.typing && event.type === "frame" && event.frame.type === "typing") this.expireTyping();
    this.keep(event.type === "draft");
    if (state !== before) this.update();
    if (event.type === "frame") this.extras?.hear(event.frame);
    for (const effect of effects) this.carryOut(effect);
  }

  private carryOut(effect: Effect): void {
    switch (effect.do) {
      case "send":
        this.connection.send(effect.frame);
        break;
      case "resume":
        this.connection.resume();
        break;
      case "retry":
        setTimeout(() => this.dispatch({ type: "retry", clientId: effect.clientId }), effect.afterMs);
        break;
    }
  }

  private update(): void {
    this.launcher.update(this.state);
    this.panel.update(this.state);
    if (this.state.open) void this.loadExtras();
    this.extras?.update(this.state);
    const title = titleWith(document.title, unread(this.state));
    if (title !== document.title) document.title = title;
  }

  /** Save the state, keystrokes a little later. */
  private keep(later: boolean): void {
    if (!this.state.open && !this.state.session) return;
    clearTimeout(this.saveTimer);
    if (later) this.saveTimer = window.setTimeout(() => this.keep(false), SAVE_DRAFT_AFTER_MS);
    else save(this.store, this.state);
  }

  private tellTyping(on: boolean): void {
    clearTimeout(this.typingTimer);
    const told = Date.now() - this.typingTold < TYPING_EVERY_MS;
    if (on ? !told : this.typingTold) this.connection.send({ type: "typing", on });
    if (!on) this.typingTold = 0;
    else if (!told) this.typingTold = Date.now();
    if (on) this.typingTimer = window.setTimeout(() => this.tellTyping(false), TYPING_OVER_MS);
  }

  private expireTyping(): void {
    clearTimeout(this.typingOverTimer);
    const over = (): void => this.dispatch({ type: "typingEnded" });
    this.typingOverTimer = window.setTimeout(over, TYPING_LASTS_MS);
  }

  private download(): void {
    const { past, turns, language } = this.state;
    const now = new Date();
    // The byte order mark tells old editors that it is UTF-8.
    const content = `\uFEFF${transcript([...past, ...turns], language, now)}`;
    const href = URL.createObjectURL(new Blob([content], { type: "text/plain;charset=utf-8" }));
    const name = `${TEXTS[language].transcriptFile}-${now.toISOString().slice(0, 10)}.txt`;
    h("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }

  private readonly onWake = (): void => this.connection.wake();

  private readonly onVisibility = (): void => {
    this.dispatch({ type: "visible", visible: isVisible() });
    if (isVisible()) this.connection.wake();
  };

  /** Back from the browser's back/forward cache, where no socket may stay open. */
  private readonly onPageShow = (event: PageTransitionEvent): void => {
    if (event.persisted && (this.state.session || this.state.open)) this.connection.start();
  };

  private readonly onPageHide = (): void => {
    this.keep(false);
    this.connection.stop();
  };

  /** Where the panel covers the page, Esc uncovers it wherever the focus is (WCAG 2.4.11). */
  private readonly onPageKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    if (this.state.open && document.activeElement !== this && matchMedia(FULL_SCREEN).matches) {
      this.dispatch({ type: "closed" });
    }
  };
}

const isVisible = (): boolean => document.visibilityState === "visible";

/** sessionStorage, or a stand-in where the browser forbids it. */
function sessionStore(): Store {
  try {
    return sessionStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
}

/** The server's address with a slash at its end, so that paths can be put after it. */
function serverAddress(given: string | undefined): string {
  return new URL(given || "/", location.href).href.replace(/\/?$/, "/");
}

/** An http(s) address, or null. */
function webAddress(given: string | undefined): string | null {
  if (!given) return null;
  const url = new URL(given, location.href);
  return /^https?:$/.test(url.protocol) ? url.href : null;
}
