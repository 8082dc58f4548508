/** The paper clip: files on their way to the server, one after the other, each sent until it is said once. */

import type { Host } from "../extras";
import { newId } from "../ids";
import type { Language } from "../protocol";
import type { State } from "../state";
import { button, h, icon, setAttribute, setText } from "../view/dom";
import { wellFormed } from "../wellformed";
import { inLog, keepFocus } from "./log";
import { fitting, KINDS } from "./shrink";
import { EXTRA_TEXTS } from "./texts";

const CLIP =
  "M16.5 6v11.5a4 4 0 0 1-8 0V5a2.5 2.5 0 0 1 5 0v10.5a1 1 0 0 1-2 0V6H10v9.5a2.5 2.5 0 0 0 5 0V5a4 4 0 0 0-8 0v12.5a5.5 5.5 0 0 0 11 0V6z";
const TIMEOUT_MS = 120_000;
/** Refusals that the same file meets again. */
const FINAL = ["file_too_big", "file_kind", "file_damaged", "file_refused", "too_many_files"];

interface Upload {
  clientId: string;
  file: File;
  row: HTMLElement;
  what: HTMLElement;
  state: HTMLElement;
  /** Code of the refusal; empty = on its way. */
  refusal: string;
}

export class Uploads {
  private readonly uploads: Upload[] = [];
  private readonly clip: HTMLButtonElement;
  private readonly input = h("input", { type: "file", accept: KINDS.join(), multiple: true, hidden: true, tabindex: -1 });
  private last: Promise<void> = Promise.resolve();
  private token = "";
  private language: Language = "pl";

  constructor(private readonly host: Host) {
    this.clip = button("clip", () => this.input.click(), icon(CLIP));
    this.input.addEventListener("change", () => {
      for (const file of this.input.files ?? []) this.start(file);
      this.input.value = "";
    });
    host.root.querySelector<HTMLElement>("#text")!.addEventListener("paste", (event) => {
      const { files } = event.clipboardData!;
      // Office programs put a picture of the text beside it.
      if (!files.length || event.clipboardData!.getData("text")) return;
      event.preventDefault();
      for (const file of files) this.start(file);
    });
    host.root.querySelector(".send")!.before(this.input, this.clip);
  }

  update(state: State): void {
    this.token = state.session?.token ?? "";
    const arrived = new Set(state.turns.map((turn) => turn.client_id));
    for (const upload of [...this.uploads]) if (arrived.has(upload.clientId)) this.remove(upload);
    const texts = EXTRA_TEXTS[state.language];
    setAttribute(this.clip, "aria-label", texts.attach);
    setAttribute(this.clip, "title", texts.attach);
    if (state.language === this.language) return;
    this.language = state.language;
    for (const upload of this.uploads) this.show(upload);
  }

  private start(file: File): void {
    const what = h("p", { class: "text" });
    const state = h("div", { class: "state" });
    const row = h("div", { class: "turn customer" }, what, state);
    const upload: Upload = { clientId: newId(), file, row, what, state, refusal: "" };
    this.uploads.push(upload);
    this.show(upload);
    inLog(this.host.root, (log) => log.append(row));
    this.enqueue(upload);
  }

  private enqueue(upload: Upload): void {
    this.last = this.last.then(() => this.send(upload));
  }

  private async send(upload: Upload): Promise<void> {
    try {
      await this.post(upload, await fitting(upload.file));
    } catch (code) {
      upload.refusal = typeof code === "string" ? code : "unknown";
      if (this.uploads.includes(upload)) this.show(upload);
    }
  }

  /** Resolves when the server has it; its turn then takes the place of what is shown here. */
  private post(upload: Upload, content: Blob): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
      request.open("POST", `${this.host.server}chat/files`);
      request.timeout = TIMEOUT_MS;
      request.setRequestHeader("Authorization", `Bearer ${this.token}`);
      request.setRequestHeader("X-Client-Id", upload.clientId);
      request.setRequestHeader("X-File-Name", encodeURIComponent(wellFormed(upload.file.name)));
      request.upload.onprogress = ({ loaded, total }) => {
        const bar = upload.state.querySelector("progress");
        if (bar && total) bar.value = loaded / total;
      };
      request.onload = () => (request.status === 201 ? resolve() : reject(codeOf(request.responseText)));
      request.onerror = request.ontimeout = () => reject("unknown");
      request.send(content);
    });
  }

  private show(upload: Upload): void {
    const texts = EXTRA_TEXTS[this.language];
    const { file, refusal } = upload;
    const photo = file.type.startsWith("image/");
    setText(upload.what, (photo ? texts.photo : texts.document)(file.name));
    if (!refusal) {
      upload.state.replaceChildren(h("progress", { value: 0, "aria-label": texts.progress }));
      return;
    }
    const again = button("small", () => this.again(upload), texts.again);
    const discard = button("small", () => this.remove(upload), texts.discard);
    const reason = h("span", { class: "failed" }, texts.reasons[refusal] ?? texts.reasonUnknown);
    inLog(this.host.root, () =>
      upload.state.replaceChildren(reason, ...(FINAL.includes(refusal) ? [] : [again]), discard),
    );
  }

  private again(upload: Upload): void {
    upload.refusal = "";
    keepFocus(this.host.root, upload.row);
    this.show(upload);
    this.enqueue(upload);
  }

  private remove(upload: Upload): void {
    keepFocus(this.host.root, upload.row);
    upload.row.remove();
    this.uploads.splice(this.uploads.indexOf(upload), 1);
  }
}

function codeOf(answer: string): string {
  try {
    return String(JSON.parse(answer).code);
  } catch {
    return "unknown";
  }
}
