/**
 * Files, the phone and the rating: fetched when the chat is opened first, so that pages stay light.
 *
 * All it shows stands at the end of the message log, the widget's only live region, after the
 * messages: the log keeps them before what it does not know.
 */

import { Links } from "./extras/links";
import { Phone } from "./extras/phone";
import { Rating } from "./extras/rating";
import css from "./extras/style.css";
import { Uploads } from "./extras/uploads";
import type { ClientFrame, ServerFrame } from "./protocol";
import type { Session, State } from "./state";

/** The widget, as far as the extras need it. */
export interface Host {
  root: ShadowRoot;
  /** Address of the web server, with a slash at its end. */
  server: string;
  send(frame: ClientFrame): void;
  /** Take a frame as if the server had sent it. */
  hear(frame: ServerFrame): void;
  /** Go on with the conversation of another session. */
  adopt(session: Session): void;
}

export interface Extras {
  /** After each change of the state, when the log shows it. */
  update(state: State): void;
  hear(frame: ServerFrame): void;
}

export function attach(host: Host): Extras {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.root.adoptedStyleSheets = [...host.root.adoptedStyleSheets, sheet];
  const links = new Links(host);
  const uploads = new Uploads(host);
  const phone = new Phone(host);
  const rating = new Rating(host);
  return {
    update(state) {
      links.update(state);
      uploads.update(state);
      phone.update(state);
      rating.update(state);
    },
    hear: (frame) => rating.hear(frame),
  };
}
