/** The bar at the top: who, presence, places taken, connection, settings. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Problem } from "../api";
import { desk } from "../app";
import { language, t, word } from "../i18n";
import { span } from "../i18n/format";
import { now } from "../clock";
import type { Presence } from "../types";
import { Dialog, Icon } from "../ui/basics";
import { LanguageSwitch, SoundSwitch, ThemeSwitch } from "../ui/switches";
import { sheetOpen } from "./keys";

/** "break:lunch" and the like: one list for states and the reasons of a break. */
function PresenceSwitch(): JSX.Element | null {
  const [leaving, setLeaving] = useState(false);
  const agent = desk.session.agent.value;
  if (!agent) return null;
  const texts = t.value;
  const chosen = agent.presence === "break" && agent.presence_reason ? `break:${agent.presence_reason}` : agent.presence;
  const reasons = desk.session.settings.value.break_reasons;
  const change = async (value: string, force = false): Promise<void> => {
    const [presence, reason] = value.split(":");
    setLeaving(false);
    try {
      await desk.session.setPresence(presence as Presence, reason ?? null, force);
      await desk.refresh();
    } catch (error) {
      if (error instanceof Problem && error.code === "holds_cases") setLeaving(true);
      else desk.tell(error);
    }
  };
  return (
    <div class="presence">
      <span class={`dot ${agent.presence}`} aria-hidden="true" />
      <label for="presence" class="unseen">
        {texts.presence.label}
      </label>
      <select id="presence" value={chosen} onChange={(event) => {
          const wanted = event.currentTarget.value;
          event.currentTarget.value = chosen; // until the server has agreed
          void change(wanted);
        }}
      >
        <option value="available">{texts.presences.available}</option>
        <option value="busy">{texts.presences.busy}</option>
        <optgroup label={texts.presence.breakGroup}>
          {!reasons.length && <option value="break">{texts.presence.break}</option>}
          {reasons.map((reason) => (
            <option key={reason.code} value={`break:${reason.code}`}>
              {`${texts.presence.break}: ${reason.label}`}
            </option>
          ))}
        </optgroup>
        <option value="offline">{texts.presences.offline}</option>
      </select>
      {leaving && (
        <Dialog title={texts.presence.leaveTitle} onClose={() => setLeaving(false)}>
          <p>{texts.presence.leave(desk.mine.value.length)}</p>
          <footer class="buttons">
            <button type="button" class="primary" onClick={() => void change("offline", true)}>
              {texts.presence.leaveYes}
            </button>
            <button type="button" onClick={() => setLeaving(false)}>
              {texts.cancel}
            </button>
          </footer>
        </Dialog>
      )}
      <span class="soft since">{texts.presence.since(span(language(), now.value - Date.parse(agent.presence_since)))}</span>
    </div>
  );
}

function Load(): JSX.Element | null {
  const agent = desk.session.agent.value;
  if (!agent) return null;
  const places = Object.entries(agent.capacity).filter(([, most]) => most > 0);
  return (
    <ul class="load" aria-label={t.value.load}>
      {places.map(([channel, most]) => (
        <li key={channel}>
          <Icon name={channel === "voice" ? "voice" : "chat"} />
          <span class="unseen">{word(t.value.channels, channel)}: </span>
          {desk.load.value[channel] ?? 0}/{most}
        </li>
      ))}
    </ul>
  );
}

/** Whether the desk is connected; the words only when it is not. */
function LinkState(): JSX.Element {
  const link = desk.link.value;
  return (
    <span class={`link-state ${link}`} role="img" aria-label={t.value.link[link]} title={t.value.link[link]}>
      <span class="dot" aria-hidden="true" />
    </span>
  );
}

export function Top(): JSX.Element {
  const texts = t.value;
  return (
    <header class="top" id="top" tabIndex={-1}>
      <h1 class="brand">
        {texts.product} <span class="soft">{texts.desk}</span>
      </h1>
      <PresenceSwitch />
      <Load />
      <LinkState />
      <div class="top-end">
        {desk.session.supervises && <a href="/wall">{texts.toWall}</a>}
        <SoundSwitch />
        <ThemeSwitch />
        <button
          type="button"
          class="plain square"
          aria-label={texts.shortcuts.button}
          title={texts.shortcuts.button}
          onClick={() => {
            sheetOpen.value = true;
          }}
        >
          <Icon name="keys" />
        </button>
        <LanguageSwitch />
        <span class="who">{desk.session.agent.value?.name}</span>
        <button type="button" class="plain" onClick={() => void leave()}>
          {texts.login.out}
        </button>
      </div>
    </header>
  );
}

async function leave(): Promise<void> {
  desk.stop();
  await desk.session.logOut().catch((error: unknown) => desk.tell(error));
}
