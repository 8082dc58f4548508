/** An offer rings until it is answered: a sound, the tab's title, the system's notification. */

import { effect, signal } from "@preact/signals";
import { desk } from "./app";
import { prefs } from "./browser";
import { steadyTimers } from "./clock";
import { t } from "./i18n";

const RING_EVERY_MS = 3_000;
const FLASH_EVERY_MS = 1_000;

let audio: AudioContext | null = null;
const after = steadyTimers();

/** Browsers allow sound only after the first gesture; before it nothing is tried. */
function unlock(): void {
  audio ??= new AudioContext();
  void audio.resume();
}

/** A soft note: a sine that fades in and out, so that it does not click. */
function note(context: AudioContext, hertz: number, startS: number, lengthS: number, volume: number): void {
  const tone = context.createOscillator();
  const gain = context.createGain();
  const start = context.currentTime + startS;
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(volume, start + 0.03);
  gain.gain.exponentialRampToValueAtTime(0.001, start + lengthS);
  tone.connect(gain).connect(context.destination);
  tone.start(start);
  tone.stop(start + lengthS);
}

function chime(): void {
  if (!audio || audio.state !== "running" || !prefs.sound.value) return;
  note(audio, 659, 0, 0.5, 0.18);
  note(audio, 880, 0.22, 0.7, 0.18);
}

/** A customer's message that nobody is looking at. */
function blip(): void {
  if (!audio || audio.state !== "running" || !prefs.sound.value) return;
  note(audio, 523, 0, 0.25, 0.08);
}

export const permission = signal<NotificationPermission | "unsupported">(
  typeof Notification === "undefined" ? "unsupported" : Notification.permission,
);

/** Ask for the right to show notifications; only when the agent has pressed the button for it. */
export async function askPermission(): Promise<void> {
  if (permission.value === "unsupported") return;
  permission.value = await Notification.requestPermission();
  prefs.notifyAsked.value = true;
}

const shown = new Map<string, Notification>();

function notify(id: string, title: string, body: string): void {
  if (permission.value !== "granted" || document.visibilityState === "visible" || shown.has(id)) return;
  const notification = new Notification(title, { body, tag: id, requireInteraction: true });
  notification.onclick = () => {
    window.focus();
    notification.close();
  };
  shown.set(id, notification);
}

function closeOthers(ids: ReadonlySet<string>): void {
  for (const [id, notification] of shown) {
    if (ids.has(id)) continue;
    notification.close();
    shown.delete(id);
  }
}

/** What the tab is called; while a case rings it says so every other second. */
function title(flash: boolean): void {
  const offers = desk.offers.all.value.length;
  const unread = desk.unread.value.size;
  const name = `${t.value.desk} · ${t.value.product}`;
  if (offers && flash) document.title = t.value.offer.flash(offers);
  else document.title = unread ? `(${unread}) ${name}` : name;
}

/** Ring, flash and notify as long as there are offers; called once. */
export function startRinging(): void {
  addEventListener("pointerdown", unlock, { capture: true });
  addEventListener("keydown", unlock, { capture: true });
  let cancelRing: (() => void) | null = null;
  let cancelFlash: (() => void) | null = null;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const ring = (): void => {
    chime();
    cancelRing = after(RING_EVERY_MS, ring);
  };
  const flash = (on: boolean): void => {
    title(on);
    if (!calm.matches) cancelFlash = after(FLASH_EVERY_MS, () => flash(!on));
  };
  effect(() => {
    const offers = desk.offers.all.value;
    closeOthers(new Set(offers.map((offer) => offer.row.id)));
    for (const { row } of offers) notify(row.id, t.value.offer.title, row.number);
    if (offers.length && !cancelRing) {
      ring();
      flash(true);
    }
    if (!offers.length) {
      cancelRing?.();
      cancelFlash?.();
      cancelRing = cancelFlash = null;
      title(false);
    }
  });
  desk.onHeard = () => {
    blip();
  };
}
