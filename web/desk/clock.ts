/** Time: the server's clock as a signal, and timers that a hidden tab does not slow down. */

import { signal } from "@preact/signals";

/** A `Date` header has whole seconds, so smaller differences say nothing. */
const TRUSTED_MS = 2_000;
let aheadMs = 0;

/** Milliseconds since 1970 by the server's clock; changes once a second. */
export const now = signal(Date.now());

/** The server's time at this moment, in ms since 1970. */
export function serverNow(): number {
  return Date.now() + aheadMs;
}

/** Learn from an answer's `Date` how far the server's clock is from ours. */
export function learnServerTime(ms: number): void {
  const difference = ms - Date.now();
  aheadMs = Math.abs(difference) > TRUSTED_MS ? difference : 0;
}

/** Let `now` go on; called once per page. */
export function startClock(): void {
  setInterval(() => {
    now.value = serverNow();
  }, 1000);
}

/** `after(ms, run)` that keeps time in a hidden tab; gives back how to cancel. */
export function steadyTimers(): (ms: number, run: () => void) => () => void {
  let worker: Worker | null = null;
  try {
    worker = new Worker(new URL("./ticker.worker.ts", import.meta.url), { type: "module" });
  } catch {
    // Without workers ordinary timers do, a little late when the tab is hidden.
  }
  if (!worker) return plainTimer;
  const waiting = new Map<number, () => void>();
  let last = 0;
  const ticker = worker;
  ticker.onmessage = ({ data }: MessageEvent<number>) => {
    const run = waiting.get(data);
    waiting.delete(data);
    run?.();
  };
  ticker.onerror = () => {
    // The worker could not be loaded: what waits is run by ordinary timers from now on.
    worker = null;
    for (const [id, run] of waiting) setTimeout(() => waiting.delete(id) && run(), 1000);
  };
  return (ms, run) => {
    if (!worker) return plainTimer(ms, run);
    last += 1;
    const id = last;
    waiting.set(id, run);
    ticker.postMessage({ id, ms });
    return () => void waiting.delete(id);
  };
}

function plainTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
