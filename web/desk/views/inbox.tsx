/** The list of cases: mine, those that wait, call-backs, complaints, search. */

import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { api, desk } from "../app";
import { now } from "../clock";
import { language, t, word } from "../i18n";
import { clock, span } from "../i18n/format";
import type { CaseRow, Line } from "../types";
import { CallChip, Chip, Empty, Icon, StateChip, Tabs } from "../ui/basics";
import { DueChip, LegalChip } from "../ui/clocks";

type TabName = "waiting" | "callbacks" | "complaints" | "search";
const TAB_NAMES: readonly TabName[] = ["waiting", "callbacks", "complaints", "search"];

const tab = signal<TabName>("waiting");

/** What the list of a tab asks the server for. */
const ASKED = {
  callbacks: { state: "callback_scheduled" },
  complaints: { kind: "complaint" },
} as const;

export function Inbox(): JSX.Element {
  const texts = t.value.inbox;
  return (
    <nav class="inbox" id="inbox" tabIndex={-1} aria-labelledby="inbox-title">
      <h2 id="inbox-title" class="unseen">
        {texts.title}
      </h2>
      <section class="mine" aria-labelledby="mine-title">
        <h3 id="mine-title" class="list-title">
          {texts.mine} <span class="count">{desk.mine.value.length}</span>
        </h3>
        <Rows rows={desk.mine.value} empty={desk.queueLoaded.value ? texts.mineEmpty : t.value.loading} />
      </section>
      <section class="others" aria-label={texts.tabsLabel}>
        <Tabs
          label={texts.tabsLabel}
          tabs={TAB_NAMES.map((id) => ({
            id,
            label: texts.tabs[id],
            ...(id === "waiting" ? { count: desk.waiting.value.length } : {}),
          }))}
          chosen={tab.value}
          onChoose={(id) => {
            tab.value = id;
          }}
        >
          <TabBody name={tab.value} />
        </Tabs>
      </section>
    </nav>
  );
}

function TabBody({ name }: { name: TabName }): JSX.Element {
  if (name === "search") return <Search />;
  if (name === "waiting") {
    return (
      <>
        <Lines lines={desk.lines.value} />
        <Rows rows={desk.waiting.value} empty={t.value.inbox.empty.waiting} />
      </>
    );
  }
  return <Asked key={name} query={ASKED[name]} empty={t.value.inbox.empty[name]} />;
}

const OVER: readonly string[] = ["closed", "abandoned"];

/** How many wait in each line. */
function Lines({ lines }: { lines: readonly Line[] }): JSX.Element | null {
  const busy = lines.filter((line) => line.waiting > 0);
  if (!busy.length) return null;
  return (
    <ul class="lines" aria-label={t.value.inbox.linesLabel}>
      {busy.map((line) => {
        const [lang, skill, channel] = line.route.split("|");
        return (
          <li key={line.route}>
            <span class="line-name">
              {word(t.value.skillNames, skill)} <span class="soft">{`${lang} · ${word(t.value.channels, channel)}`}</span>
            </span>
            <span>
              {line.waiting} <span class="soft">{t.value.inbox.longest(span(language(), line.longest_wait_s * 1000))}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Rows({ rows, empty }: { rows: readonly CaseRow[]; empty: string }): JSX.Element {
  if (!rows.length) return <Empty>{empty}</Empty>;
  return (
    <ul class="rows">
      {rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </ul>
  );
}

/** When a row is about something that is to happen, when; else how long it waits. */
function RowTime({ row }: { row: CaseRow }): JSX.Element | null {
  if (row.callback?.from) return <span>{clock(language(), row.callback.from, now.value)}</span>;
  if (row.state === "queued") {
    return <span>{t.value.inbox.waits(span(language(), now.value - Date.parse(row.queued_at)))}</span>;
  }
  return null;
}

function Row({ row }: { row: CaseRow }): JSX.Element {
  const texts = t.value;
  const unread = desk.unread.value.has(row.id);
  const chosen = desk.selected.value === row.id;
  const draft = !chosen && desk.holds(row) && desk.drafts.of(row.id) !== "";
  return (
    <li>
      <button
        type="button"
        class={`row ${unread ? "unread" : ""} ${row.priority}`}
        aria-current={chosen ? "true" : undefined}
        onClick={() => desk.select(row.id)}
      >
        <span class="row-head">
          <Icon name={row.channel === "voice" ? "voice" : "chat"} />
          <span class="unseen">{word(texts.channels, row.channel)} </span>
          <span class="number">{row.number}</span>
          {unread && (
            <span class="new-dot">
              <span class="unseen">{texts.inbox.unread}</span>
            </span>
          )}
          <span class="row-time">
            <RowTime row={row} />
          </span>
        </span>
        <span class="row-text" lang={language()}>
          {row.summary_line}
        </span>
        <span class="row-foot">
          {row.priority !== "normal" && <Chip tone={`priority-${row.priority}`}>{word(texts.priorities, row.priority)}</Chip>}
          {row.kind !== "question" && <Chip tone="kind">{word(texts.kinds, row.kind)}</Chip>}
          {row.state !== "active" && row.state !== "queued" && <StateChip state={row.state} />}
          <CallChip row={row} />
          <LegalChip legal={row.legal} />
          <DueChip row={row} />
          {row.language !== "pl" && <Chip tone="quiet">{row.language.toUpperCase()}</Chip>}
          {draft && <Chip tone="quiet">{texts.talk.draftKept}</Chip>}
        </span>
      </button>
    </li>
  );
}

/** As a telephone shows it that was called by the queue. */
const HANDOFF_ID = /^[0-9a-f]{24}$/;

interface Page {
  items: CaseRow[];
  next: string | null;
}

/** Rows from the server, page by page. */
function Asked({ query, empty }: { query: Record<string, string>; empty: string }): JSX.Element {
  const [page, setPage] = useState<Page | null>(null);
  const key = JSON.stringify(query);
  const load = async (after: string | null, before: CaseRow[]): Promise<void> => {
    try {
      const got = await api.get<Page>("/cases", { ...query, after, limit: 30 });
      for (const row of got.items) desk.take(row);
      setPage({ items: [...before, ...got.items], next: got.next });
    } catch (error) {
      desk.tell(error);
      setPage({ items: before, next: after });
    }
  };
  useEffect(() => {
    void load(null, []);
  }, [key]);
  if (!page) return <Empty>{t.value.loading}</Empty>;
  const current = page.items.map((row) => desk.rows.value.get(row.id) ?? row);
  const rows = query.kind ? current.filter((row) => !OVER.includes(row.state)) : current;
  return (
    <>
      <Rows rows={rows} empty={empty} />
      {page.next && (
        <button type="button" class="more" onClick={() => void load(page.next, page.items)}>
          {t.value.more}
        </button>
      )}
    </>
  );
}

function Search(): JSX.Element {
  const texts = t.value.inbox;
  const [query, setQuery] = useState("");
  return (
    <>
      <form
        role="search"
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          const words = String(new FormData(event.currentTarget).get("q") ?? "").trim();
          if (HANDOFF_ID.test(words)) void desk.openHandoff(words);
          else setQuery(words);
        }}
      >
        <label class="unseen" for="case-search">
          {texts.search}
        </label>
        <input id="case-search" type="search" name="q" placeholder={texts.search} />
        <button type="submit">{t.value.knowledge.submit}</button>
      </form>
      {query ? <Asked key={query} query={{ q: query }} empty={texts.empty.search} /> : <Empty>{texts.searchHint}</Empty>}
    </>
  );
}
