/**
 * The script that a page embeds:
 *
 *     <script src="https://chat.example/widget.js" data-lang="en" async></script>
 *
 * Attributes, all optional: data-lang ("pl", "en"), data-position ("right", "left"), data-server
 * (address of the web server, by default the one the script comes from), data-title (the panel's
 * title), data-privacy (address of the privacy page).
 */

import { FrontlineChat } from "./element";

const TAG = "frontline-chat";
const script = document.currentScript;

function insert(): void {
  if (document.querySelector(TAG)) return;
  const chat = document.createElement(TAG);
  if (script instanceof HTMLScriptElement) {
    chat.dataset.server = new URL(".", script.src || location.href).href;
    for (const [name, value] of Object.entries(script.dataset)) chat.dataset[name] = value;
  }
  chat.dataset.lang ??= document.documentElement.lang.slice(0, 2);
  document.body.append(chat);
}

if (!customElements.get(TAG)) {
  customElements.define(TAG, FrontlineChat);
  if (document.body) insert();
  else addEventListener("DOMContentLoaded", insert);
}
