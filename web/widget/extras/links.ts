/** Files of the conversation, to be saved: fetched with the token in a header, never in an address. */

import type { Host } from "../extras";
import type { FileRef, Language, Turn } from "../protocol";
import type { State } from "../state";
import { button, h, setText } from "../view/dom";
import { inLog } from "./log";
import { EXTRA_TEXTS, shownSize } from "./texts";

const TIMEOUT_MS = 60_000;

interface Shown {
  file: FileRef;
  link: HTMLButtonElement;
  failed: HTMLElement;
}

export class Links {
  private readonly shown = new Map<string, Shown>();
  private token = "";

  constructor(private readonly host: Host) {}

  update(state: State): void {
    this.token = state.session?.token ?? "";
    for (const turn of state.turns) {
      for (const file of turn.files) this.show(turn, file, state.language);
    }
  }

  private show(turn: Turn, file: FileRef, language: Language): void {
    const key = turn.client_id ?? turn.id;
    const row = this.host.root.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (!row) return;
    const known = this.shown.get(key + file.id);
    const shown = known && row.contains(known.link) ? known : this.add(key, row, turn, file);
    const texts = EXTRA_TEXTS[language];
    const what = (file.kind.startsWith("image/") ? texts.photo : texts.document)(file.name);
    setText(shown.link, texts.download(what, shownSize(file.size, language)));
    if (shown.failed.textContent) setText(shown.failed, texts.notFetched);
  }

  private add(key: string, row: HTMLElement, turn: Turn, file: FileRef): Shown {
    const failed = h("p", { class: "failed" });
    const link = button("file", () => void this.save(shown));
    const shown = { file, link, failed };
    this.shown.set(key + file.id, shown);
    inLog(this.host.root, () => {
      const words = row.querySelector<HTMLElement>(".text")!;
      words.after(h("div", { class: "files" }, link, failed));
      // The words of a customer's file only name it.
      words.hidden = turn.author === "customer";
    });
    return shown;
  }

  private async save({ file, link, failed }: Shown): Promise<void> {
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    setText(failed, "");
    try {
      const response = await fetch(`${this.host.server}chat/files/${file.id}`, {
        headers: { Authorization: `Bearer ${this.token}` },
        credentials: "omit",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(String(response.status));
      // Without a type of its own nothing can be made of it but a file.
      const content = new Blob([await response.arrayBuffer()], { type: "application/octet-stream" });
      const href = URL.createObjectURL(content);
      h("a", { href, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 10_000);
    } catch {
      const language = link.closest("[lang]")?.getAttribute("lang") === "en" ? "en" : "pl";
      setText(failed, EXTRA_TEXTS[language].notFetched);
    } finally {
      link.ariaBusy = null;
    }
  }
}
