/** The one desk of this page. */

import { Api } from "./api";
import { newId } from "../widget/ids";
import { tabStorage } from "./browser";
import { learnServerTime, steadyTimers } from "./clock";
import { Desk } from "./store/desk";

export const api: Api = new Api({
  fetch: (url, init) => fetch(url, init),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  onServerTime: learnServerTime,
  onUnauthorised: () => {
    if (desk.session.entry.value === "in") {
      desk.stop();
      desk.session.leave();
    }
  },
});

export const desk: Desk = new Desk(api, {
  openSocket: () => new WebSocket(new URL("/api/v1/socket", location.href).href.replace(/^http/, "ws")),
  now: () => Date.now(),
  random: () => Math.random(),
  after: steadyTimers(),
  keep: tabStorage,
  newId,
  visible: () => document.visibilityState === "visible",
});

/** Keep up with the browser: network back, page shown again, page left. */
export function watchBrowser(): void {
  addEventListener("online", () => desk.socket.wake());
  addEventListener("pagehide", () => desk.drafts.flush());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      desk.drafts.flush();
      return;
    }
    desk.socket.wake();
    if (desk.selected.value) desk.markRead(desk.selected.value);
  });
}
