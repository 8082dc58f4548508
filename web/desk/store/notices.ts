/** Short messages about what happened; each is announced once, errors stay until put away. */

import { signal } from "@preact/signals";

export interface Notice {
  id: number;
  kind: "info" | "error";
  /** A key of the texts, or a code of the server's. */
  code: string;
  /** For the text: a case's number, a reason. */
  about: string;
  why: string;
}

export class Notices {
  readonly all = signal<readonly Notice[]>([]);
  private last = 0;

  /** An info takes the place of the info before; the same error is shown once. */
  add(kind: Notice["kind"], code: string, about = "", why = ""): void {
    this.last += 1;
    const notice = { id: this.last, kind, code, about, why };
    const rest = this.all.value.filter((one) =>
      kind === "info" ? one.kind !== "info" : !(one.code === code && one.about === about),
    );
    this.all.value = [...rest, notice].slice(-4);
  }

  dismiss(id: number): void {
    this.all.value = this.all.value.filter((one) => one.id !== id);
  }

  /** What was only true without a connection is put away. */
  clearCode(code: string): void {
    this.all.value = this.all.value.filter((one) => one.code !== code);
  }
}
