/**
 * What agents have typed and not sent, per case: at once in the tab's session storage, and a
 * moment later with the server, so that neither a reload nor another computer loses it.
 */

import { signal } from "@preact/signals";
import type { Pending } from "./talk";

export const SAVE_AFTER_MS = 1_000;

export interface DraftWorld {
  keep: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  after(ms: number, run: () => void): () => void;
  /** Give the draft to the server; failures are its own matter, the tab has it. */
  upload(caseId: string, text: string, goingAway: boolean): void;
}

type Field = "draft" | "note" | "unsent";

export class Drafts {
  /** Case id → text in the composer. */
  readonly texts = signal<ReadonlyMap<string, string>>(new Map());
  private readonly waiting = new Map<string, () => void>();

  constructor(private readonly world: DraftWorld) {}

  of(caseId: string): string {
    return this.texts.value.get(caseId) ?? this.read("draft", caseId) ?? "";
  }

  /** What the server keeps, unless this tab has something of its own. */
  offer(caseId: string, fromServer: string): void {
    const own = this.texts.value.get(caseId) ?? this.read("draft", caseId);
    this.show(caseId, own ?? fromServer);
  }

  set(caseId: string, text: string): void {
    this.show(caseId, text);
    this.write("draft", caseId, text);
    this.waiting.get(caseId)?.();
    const cancel = this.world.after(SAVE_AFTER_MS, () => this.upload(caseId, false));
    this.waiting.set(caseId, cancel);
  }

  /** Nothing is left to say: also the server forgets it. */
  clear(caseId: string): void {
    this.show(caseId, "");
    this.write("draft", caseId, null);
    this.upload(caseId, false);
  }

  /** The page goes away: what was not yet given to the server is given now. */
  flush(): void {
    for (const caseId of [...this.waiting.keys()]) this.upload(caseId, true);
  }

  note(caseId: string): string | null {
    return this.read("note", caseId);
  }

  setNote(caseId: string, text: string | null): void {
    this.write("note", caseId, text);
  }

  /** Messages that were not known to have arrived when the page was left. */
  unsent(caseId: string): Pending[] {
    try {
      const saved: unknown = JSON.parse(this.read("unsent", caseId) ?? "[]");
      return Array.isArray(saved) ? (saved as Pending[]) : [];
    } catch {
      return [];
    }
  }

  setUnsent(caseId: string, pending: readonly Pending[]): void {
    this.write("unsent", caseId, pending.length ? JSON.stringify(pending) : null);
  }

  private show(caseId: string, text: string): void {
    if (this.texts.value.get(caseId) === text) return;
    this.texts.value = new Map(this.texts.value).set(caseId, text);
  }

  private upload(caseId: string, goingAway: boolean): void {
    this.waiting.get(caseId)?.();
    this.waiting.delete(caseId);
    this.world.upload(caseId, this.texts.value.get(caseId) ?? "", goingAway);
  }

  private read(field: Field, caseId: string): string | null {
    try {
      return this.world.keep.getItem(`frontline-${field}-${caseId}`);
    } catch {
      return null;
    }
  }

  private write(field: Field, caseId: string, text: string | null): void {
    try {
      const key = `frontline-${field}-${caseId}`;
      if (text === null) this.world.keep.removeItem(key);
      else this.world.keep.setItem(key, text);
    } catch {
      // Storage is full or switched off: the server's copy is what is left.
    }
  }
}
