/** The desk's page: log-in or the three panes, banners, dialogs, shortcuts. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { desk } from "../app";
import { prefs } from "../browser";
import { t } from "../i18n";
import { askPermission, permission } from "../ring";
import type { CaseRow } from "../types";
import { NoticesView } from "../ui/notices";
import { SidePanel, sideTab } from "./card";
import { DeedDialogs, hold, openDeed } from "./deeds";
import type { DeedDialog } from "./deeds";
import { Inbox } from "./inbox";
import { asksForSheet, focusRegion, sheetOpen, shortcut } from "./keys";
import type { KeyName } from "./keys";
import { Login } from "./login";
import { OffersView } from "./offers";
import { Sheet } from "./sheet";
import { TalkView } from "./talk";
import { Top } from "./top";

export function Shell(): JSX.Element {
  const entry = desk.session.entry.value;
  if (entry === "out") return <Login />;
  if (entry === "in") return <DeskPage />;
  return (
    <main class="login">
      <p role="status">{entry === "unknown" ? t.value.loading : t.value.login.unreachable}</p>
      {entry === "unreachable" && (
        <button type="button" onClick={() => void desk.session.load()}>
          {t.value.retry}
        </button>
      )}
    </main>
  );
}

function DeskPage(): JSX.Element {
  useEffect(() => {
    void desk.start().then(selectFromAddress);
    const onHash = (): void => selectFromAddress();
    addEventListener("keydown", onKey);
    addEventListener("hashchange", onHash);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("hashchange", onHash);
    };
  }, []);
  const chosen = desk.selected.value;
  useEffect(() => {
    if (chosen && location.hash !== `#/case/${chosen}`) history.replaceState(null, "", `#/case/${chosen}`);
  }, [chosen]);
  return (
    <div class={`desk ${chosen ? "has-case" : ""}`}>
      <Skips />
      <Top />
      <Banners />
      <OffersView />
      <div class="panes">
        <Inbox />
        <TalkView />
        <SidePanel />
      </div>
      <NoticesView />
      <DeedDialogs />
      <Sheet />
    </div>
  );
}

/** The case named in the address: after a reload, from the supervisor's page, or by a telephone that rings. */
function selectFromAddress(): void {
  const id = /^#\/case\/([\w-]+)$/.exec(location.hash)?.[1];
  if (id && id !== desk.selected.value) desk.select(id);
  const handoff = /^#\/handoff\/([0-9a-f]{24})$/.exec(location.hash)?.[1];
  if (handoff) void desk.openHandoff(handoff);
}

function Skips(): JSX.Element {
  const texts = t.value.skip;
  const go = (event: Event, id: string): void => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
  return (
    <nav class="skips" aria-label={texts.main}>
      {(["inbox", "talk", "card"] as const).map((id) => (
        <a key={id} href={`#${id}`} onClick={(event) => go(event, id)}>
          {texts[id]}
        </a>
      ))}
    </nav>
  );
}

/** What has to be known about the whole desk: no connection, no Redis, notifications. */
function Banners(): JSX.Element {
  const texts = t.value;
  const offline = desk.link.value === "offline";
  const ask = permission.value === "default" && !prefs.notifyAsked.value;
  return (
    <section class="banners" aria-label={texts.settings.label}>
      <div role="status">
        {offline && <p class="banner bad">{texts.link.offline}</p>}
        {desk.degraded.value && <p class="banner warn">{texts.degraded}</p>}
      </div>
      {ask && (
        <div class="banner">
          <span>{texts.settings.notify}</span>
          <button type="button" onClick={() => void askPermission()}>
            {texts.settings.notifyYes}
          </button>
          <button
            type="button"
            onClick={() => {
              prefs.notifyAsked.value = true;
            }}
          >
            {texts.settings.notifyNo}
          </button>
        </div>
      )}
    </section>
  );
}

/** The chosen case when it is held here. */
function current(): CaseRow | null {
  const row = desk.rows.value.get(desk.selected.value ?? "");
  return row && desk.holds(row) ? row : null;
}

function focus(id: string): void {
  document.getElementById(id)?.focus();
}

/** The next of my cases, or of those with something unread. */
function selectNext(only: (row: CaseRow) => boolean): void {
  const mine = desk.mine.value;
  const at = mine.findIndex((row) => row.id === desk.selected.value);
  const round = [...mine.slice(at + 1), ...mine.slice(0, at + 1)];
  const next = round.find(only);
  if (next) desk.select(next.id);
}

function openDialog(deed: DeedDialog): void {
  const row = current();
  if (row && row.state !== "wrap_up") openDeed.value = { deed, caseId: row.id };
}

const RUN: Record<KeyName, () => void> = {
  accept: () => answerOffer("accept"),
  decline: () => answerOffer("decline"),
  inbox: () => focus("inbox"),
  message: () => focus(document.getElementById("message") ? "message" : "talk"),
  card: () => {
    sideTab.value = "card";
    focus("card");
  },
  next: () => selectNext(() => true),
  unread: () => selectNext((row) => desk.unread.value.has(row.id)),
  hold: () => {
    const row = current();
    if (row && row.state !== "wrap_up") hold(row);
  },
  transfer: () => openDialog("transfer"),
  bot: () => openDialog("return"),
  callback: () => openDialog("callback"),
  wrap: () => {
    const row = current();
    if (row && row.state !== "wrap_up") void desk.act(row, "wrap-up");
  },
  knowledge: () => {
    sideTab.value = "knowledge";
    setTimeout(() => focus("knowledge-search"));
  },
  presence: () => focus("presence"),
};

/** Answer the offer that rings longest; after accepting, the focus is where one writes. */
function answerOffer(deed: "accept" | "decline"): void {
  const offer = desk.offers.first.value;
  if (!offer) return;
  void desk.act(offer.row, deed).then((done) => {
    if (done && deed === "accept") setTimeout(() => focus("message"));
  });
}

function onKey(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  const name = shortcut(event);
  if (name) {
    event.preventDefault();
    RUN[name]();
  } else if (event.key === "F6" && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    focusRegion(event.shiftKey ? -1 : 1);
  } else if (asksForSheet(event)) {
    event.preventDefault();
    sheetOpen.value = true;
  }
}
