/** Who is logged in, and what the desk was told for the session. */

import { signal } from "@preact/signals";
import { Problem } from "../api";
import type { Api } from "../api";
import type { Agent, Choice, DeskSettings, Language, Me, Presence } from "../types";

/** `unknown` until the server has said. */
export type Entry = "unknown" | "out" | "in" | "unreachable";

const DEFAULTS: DeskSettings = {
  wrap_up_s: 60,
  ring_s: 20,
  dispositions: [],
  break_reasons: [],
  skills: [],
};

export class Session {
  readonly entry = signal<Entry>("unknown");
  readonly agent = signal<Agent | null>(null);
  readonly settings = signal<DeskSettings>(DEFAULTS);
  readonly oidc = signal(false);

  constructor(private readonly api: Api) {}

  get supervises(): boolean {
    const role = this.agent.value?.role;
    return role === "supervisor" || role === "admin";
  }

  /** Ask the server who we are. */
  async load(): Promise<void> {
    try {
      this.enter(await this.api.me());
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.body.oidc === true) this.oidc.value = true;
      if (error.status === 401) this.leave();
      else if (this.entry.value !== "in") this.entry.value = "unreachable";
    }
  }

  /** Throws Problem: `bad_login`, `too_many`, … */
  async logIn(login: string, password: string, language: Language): Promise<void> {
    const me = await this.api.post<Me>("/login", { login, password });
    this.api.csrf = me.csrf;
    await this.api.put("/me/language", { language });
    this.enter(await this.api.me());
  }

  async logOut(): Promise<void> {
    try {
      await this.api.post("/logout");
    } finally {
      this.leave();
    }
  }

  /** Throws Problem `holds_cases` when going with cases in hand, unless `force` gives them back. */
  async setPresence(presence: Presence, reason: string | null, force = false): Promise<void> {
    this.agent.value = await this.api.put<Agent>("/me/presence", { presence, reason, force });
  }

  /** The language in which the server's own words come. */
  async tellLanguage(language: Language): Promise<void> {
    if (this.entry.value !== "in") return;
    await this.api.put("/me/language", { language });
    await this.load();
  }

  leave(): void {
    this.agent.value = null;
    this.entry.value = "out";
    this.api.csrf = "";
  }

  private enter(me: Me): void {
    this.api.csrf = me.csrf;
    this.agent.value = me.agent;
    this.oidc.value = me.oidc === true;
    const told: Partial<DeskSettings> = me.settings ?? {};
    this.settings.value = {
      ...DEFAULTS,
      ...told,
      dispositions: choices(told.dispositions),
      break_reasons: choices(told.break_reasons),
      skills: choices(told.skills),
    };
    this.entry.value = "in";
  }
}

/** Choices, also where only codes were given. */
function choices(given: readonly (Choice | string)[] | undefined): Choice[] {
  return (given ?? []).map((one) => (typeof one === "string" ? { code: one, label: one } : one));
}
