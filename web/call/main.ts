/**
 * The call button of the demo page: fills the element with `data-call` when the server has a phone
 * line.
 */

import { Phone } from "./phone";
import { openSound } from "./sound";
import { View } from "./view";

const script = document.currentScript as HTMLScriptElement;
const base = new URL(".", script.src);
const room = document.querySelector<HTMLElement>("[data-call]");

/** Where the gateway is: an address, else a port of this host; and what it knows no people's voices of. */
interface Place {
  url: string;
  port: number;
  demo: string[];
}

async function begin(room: HTMLElement): Promise<void> {
  const answer = await fetch(new URL("call.json", base), { credentials: "omit" });
  if (!answer.ok) return;
  const { url, port, demo } = (await answer.json()) as Place;
  const secure = location.protocol === "https:" ? "wss" : "ws";
  const address = `${url || `${secure}://${location.hostname}:${port}`}/voice/call`;
  const language = document.documentElement.lang === "en" ? "en" : "pl";
  const worklet = new URL("call-worklet.js", base).href;
  const view = new View(room, language, () => phone, demo.includes(language));
  const phone = new Phone(view, {
    openSound: (listener) => openSound(worklet, listener),
    openSocket: () => new WebSocket(address),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  addEventListener("pagehide", () => phone.hangUp());
}

if (room) void begin(room);
