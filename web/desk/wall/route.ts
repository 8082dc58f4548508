/** Which part of the page is shown: the address after `#`. */

import { signal } from "@preact/signals";

export type PageName = "live" | "cases" | "legal" | "reports" | "agents" | "canned" | "case";

export interface Place {
  page: PageName;
  /** A case's id, or a KPI's. */
  id: string | null;
}

const PAGES: readonly PageName[] = ["live", "cases", "legal", "reports", "agents", "canned", "case"];

/** The place that an address names; the live wall when it names none. */
export function readPlace(hash: string): Place {
  const [, name, id] = /^#\/(\w+)(?:\/([\w-]+))?$/.exec(hash) ?? [];
  const page = PAGES.find((one) => one === name) ?? "live";
  return { page, id: id ?? null };
}

export const place = signal<Place>(readPlace(globalThis.location?.hash ?? ""));

export function watchAddress(): () => void {
  const follow = (): void => {
    place.value = readPlace(location.hash);
  };
  addEventListener("hashchange", follow);
  return () => removeEventListener("hashchange", follow);
}
