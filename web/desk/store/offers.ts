/** Cases that ring at this desk, each with the moment when its time is up. */

import { computed, signal } from "@preact/signals";
import type { CaseRow } from "../types";

export interface Offer {
  row: CaseRow;
  /** Server time, ms. */
  until: number;
  ringMs: number;
}

export class Offers {
  readonly all = signal<readonly Offer[]>([]);
  readonly first = computed<Offer | null>(() => this.all.value[0] ?? null);

  /** An offer, or the same once more after a reconnect: it rings once, its end is the newer one. */
  add(row: CaseRow, ringS: number, now: number): void {
    const until = row.lease_until ? Date.parse(row.lease_until) : now + ringS * 1000;
    const offer: Offer = { row, until, ringMs: ringS * 1000 };
    const known = this.all.value.some((one) => one.row.id === row.id);
    this.all.value = known
      ? this.all.value.map((one) => (one.row.id === row.id ? offer : one))
      : [...this.all.value, offer];
  }

  /** The server listed these; `asked` rang when it was asked, what rings since then goes on. */
  set(rows: readonly CaseRow[], asked: readonly Offer[], ringS: number, now: number): void {
    const listed = new Set(rows.map((row) => row.id));
    this.all.value = this.all.value.filter((one) => listed.has(one.row.id) || !asked.includes(one));
    for (const row of rows) this.add(row, ringS, now);
  }

  /** The offer that is taken away, or null when there was none. */
  drop(caseId: string): Offer | null {
    const gone = this.all.value.find((one) => one.row.id === caseId) ?? null;
    if (gone) this.all.value = this.all.value.filter((one) => one.row.id !== caseId);
    return gone;
  }
}
