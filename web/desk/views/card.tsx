/** The case card: what is known, where it was said, and when an answer is due. */

import type { ComponentChildren, JSX } from "preact";
import { signal } from "@preact/signals";
import { desk } from "../app";
import { language, t, word } from "../i18n";
import { bytes, clock, day } from "../i18n/format";
import { now } from "../clock";
import { unsureWords } from "../store/heard";
import type { CaseCard, CaseRow, Sourced } from "../types";
import { Chip, Empty, Icon, StateChip, Tabs, Time } from "../ui/basics";
import { DueChip, LegalChip } from "../ui/clocks";
import { Identity, LegalAnswer, Notes } from "./card_forms";
import { Knowledge } from "./knowledge";

export const sideTab = signal<"card" | "knowledge">("card");

export function SidePanel(): JSX.Element {
  const texts = t.value.card;
  const id = desk.selected.value;
  const card = id ? desk.cards.value.get(id) : undefined;
  return (
    <aside class="side" id="card" tabIndex={-1} aria-labelledby="card-title">
      <h2 id="card-title" class="unseen">
        {texts.title}
      </h2>
      {!id && <Empty>{texts.choose}</Empty>}
      {id && (
        <Tabs
          label={texts.tabsLabel}
          tabs={[
            { id: "card" as const, label: texts.tabs.card },
            { id: "knowledge" as const, label: texts.tabs.knowledge },
          ]}
          chosen={sideTab.value}
          onChoose={(chosen) => {
            sideTab.value = chosen;
          }}
        >
          {sideTab.value === "knowledge" ? (
            <Knowledge caseId={id} />
          ) : card ? (
            <CardBody key={card.id} card={card} row={desk.rows.value.get(card.id) ?? card} />
          ) : (
            <Empty>{t.value.loading}</Empty>
          )}
        </Tabs>
      )}
    </aside>
  );
}

export function Part({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** Links to the turns that something was taken from. */
function Sources({ turns }: Sourced): JSX.Element | null {
  if (!turns.length) return null;
  return (
    <span class="sources">
      {turns.map((seq) => (
        <a key={seq} href={`#turn-${seq}`} aria-label={t.value.card.turn(seq)} onClick={(event) => showTurn(event, seq)}>
          {seq}
        </a>
      ))}
    </span>
  );
}

/** Bring a turn into view and put the focus on it; the address of the page stays the case's. */
function showTurn(event: Event, seq: number): void {
  event.preventDefault();
  const turn = document.getElementById(`turn-${seq}`);
  turn?.scrollIntoView({ block: "center" });
  turn?.focus({ preventScroll: true });
}

function CardBody({ card, row }: { card: CaseCard; row: CaseRow }): JSX.Element {
  const texts = t.value.card;
  return (
    <div class="card-body">
      <SummaryPart card={card} />
      <Clocks card={card} row={row} />
      <Tried card={card} />
      <Facts card={card} />
      <Part title={texts.identity}>
        <Identity card={card} row={row} />
      </Part>
      <Part title={texts.notes}>
        <Notes card={card} row={row} />
      </Part>
      <Papers card={card} />
      <History card={card} />
    </div>
  );
}

function SummaryPart({ card }: { card: CaseCard }): JSX.Element {
  const texts = t.value.card;
  return (
    <Part title={texts.summary}>
      <p class="summary-line">{card.summary_line}</p>
      <ul class="sentences">
        {card.summary.sentences.map((sentence, index) => (
          <li key={index}>
            {sentence.text} <Sources turns={sentence.turns} />
          </li>
        ))}
      </ul>
      {card.summary.question && (
        <p class="open-question">
          <strong>{texts.question}:</strong> {card.summary.question}
        </p>
      )}
      {card.instruction && (
        <p>
          <strong>{texts.instruction}:</strong> {card.instruction}
        </p>
      )}
      {card.outcome && (
        <p>
          <strong>{texts.outcome}:</strong> {card.outcome}
        </p>
      )}
    </Part>
  );
}

function Clocks({ card, row }: { card: CaseCard; row: CaseRow }): JSX.Element {
  const texts = t.value.card;
  return (
    <Part title={texts.clocks}>
      <dl class="pairs">
        <dt>{texts.due}</dt>
        <dd>
          <Time at={row.due_at} /> <DueChip row={row} />
          {row.answered_at && (
            <span class="soft">
              {" "}
              {texts.answered} <Time at={row.answered_at} />
            </span>
          )}
        </dd>
        <dt>{texts.priority}</dt>
        <dd>
          <Chip tone={`priority-${row.priority}`}>{word(t.value.priorities, row.priority)}</Chip>{" "}
          {row.priority_reasons.map((reason) => word(t.value.priorityWhys, reason)).join(", ")}
        </dd>
        <dt>{texts.reason}</dt>
        <dd>{word(t.value.reasons, row.reason)}</dd>
        {row.callback && (
          <>
            <dt>{texts.callback}</dt>
            <dd>
              {row.callback.phone}
              {row.callback.from && `, ${clock(language(), row.callback.from, now.value)}`}
              {row.callback.to && ` – ${clock(language(), row.callback.to, now.value)}`}
            </dd>
          </>
        )}
        {typeof card.context.caller === "string" && !row.callback && (
          <>
            <dt>{texts.caller}</dt>
            <dd>{card.context.caller}</dd>
          </>
        )}
        {row.legal && <LegalPair row={row} />}
      </dl>
      {row.legal && !row.legal.answered_at && <LegalAnswer row={row} />}
    </Part>
  );
}

function LegalPair({ row }: { row: CaseRow }): JSX.Element | null {
  if (!row.legal) return null;
  const texts = t.value.card;
  return (
    <>
      <dt>{texts.legal}</dt>
      <dd>
        {day(language(), row.legal.due)} <LegalChip legal={row.legal} />
        <span class="soft block">{word(t.value.regimes, row.legal.regime)}</span>
        {row.legal.answered_at && (
          <span class="soft block">
            {texts.legalDone(day(language(), row.legal.answered_at))} ({word(t.value.media, row.legal.durable_medium)})
          </span>
        )}
      </dd>
    </>
  );
}

function Tried({ card }: { card: CaseCard }): JSX.Element {
  const texts = t.value.card;
  return (
    <Part title={texts.tried}>
      {!card.summary.tried.length && <p class="soft">{texts.triedNone}</p>}
      <ul class="tried">
        {card.summary.tried.map((step, index) => (
          <li key={index}>
            <Chip tone={step.ok ? "good" : "bad"}>{step.ok ? texts.ok : texts.failed}</Chip> {step.text} <Sources turns={step.turns} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** Whether every turn that says so has words that were heard with doubt. */
function isDoubtful(caseId: string, seqs: number[]): boolean {
  const said = desk.talks.of(caseId).turns.filter((turn) => seqs.includes(turn.seq));
  return said.length > 0 && said.every((turn) => unsureWords(turn.speech).length > 0);
}

function Facts({ card }: { card: CaseCard }): JSX.Element | null {
  if (!card.summary.facts.length) return null;
  return (
    <Part title={t.value.card.facts}>
      <dl class="pairs">
        {card.summary.facts.map((fact, index) => (
          <div key={index} class="pair">
            <dt>{fact.label}</dt>
            <dd>
              {fact.value} {isDoubtful(card.id, fact.turns) && <Chip tone="warn">{t.value.card.doubtful}</Chip>}{" "}
              <Sources turns={fact.turns} />
            </dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function Papers({ card }: { card: CaseCard }): JSX.Element | null {
  const texts = t.value.card;
  if (!card.files.length && !card.receipts.length) return null;
  const receipts = new Map(card.receipts.map((receipt) => [receipt.file_id, receipt]));
  return (
    <Part title={card.receipts.length ? `${texts.files}, ${texts.receipts.toLowerCase()}` : texts.files}>
      <ul class="files">
        {card.files
          .filter((file) => !receipts.has(file.id))
          .map((file) => (
            <li key={file.id}>
              <Icon name="file" /> <a href={`/api/v1/files/${file.id}`}>{file.name}</a>{" "}
              <span class="soft">{bytes(language(), file.size)}</span>
            </li>
          ))}
        {card.receipts.map((receipt) => (
          <li key={receipt.number}>
            <Icon name="file" /> <a href={`/api/v1/files/${receipt.file_id}`}>{receipt.number}</a>{" "}
            <span class="soft">
              {word(t.value.kinds, receipt.kind)}, <Time at={receipt.issued_at} />
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function History({ card }: { card: CaseCard }): JSX.Element {
  const texts = t.value.card;
  const linked = new Set(card.linked);
  return (
    <Part title={texts.history}>
      {!card.history.length && <p class="soft">{texts.historyNone}</p>}
      <ul class="history">
        {card.history.map((row) => (
          <li key={row.id}>
            <button type="button" class="link" onClick={() => openRow(row)}>
              {row.number}
            </button>{" "}
            <StateChip state={row.state} /> {linked.has(row.id) && <Chip tone="kind">{texts.linked.toLowerCase()}</Chip>}{" "}
            <span class="soft">
              <Time at={row.created_at} />
            </span>
            <span class="block">{row.summary_line}</span>
          </li>
        ))}
      </ul>
      {card.csat !== null && (
        <p>
          {texts.csat}: {card.csat}/5
        </p>
      )}
    </Part>
  );
}

function openRow(row: CaseRow): void {
  desk.take(row);
  desk.select(row.id);
}
