/** The conversation of the chosen case: head, log, composer or what stands in its place. */

import type { JSX } from "preact";
import { Fragment } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { desk } from "../app";
import { language, t, word } from "../i18n";
import { bytes } from "../i18n/format";
import { offset, pieces, unsureWords } from "../store/heard";
import type { Pending } from "../store/talk";
import type { CaseRow, Turn } from "../types";
import { CallChip, Chip, Empty, Icon, StateChip, Time } from "../ui/basics";
import { DueChip, LegalChip } from "../ui/clocks";
import { problemText } from "../ui/notices";
import { Composer } from "./composer";
import { insertText } from "./composer_state";
import { DeedBar } from "./deeds";
import { WrapUp } from "./wrap_up";

export function TalkView(): JSX.Element {
  const id = desk.selected.value;
  const row = id ? desk.rows.value.get(id) : undefined;
  return (
    <main class="talk" id="talk" tabIndex={-1} aria-label={t.value.talk.title}>
      {!row && (
        <div class="nothing">
          <p>{t.value.talk.choose}</p>
          <p class="soft">{t.value.talk.chooseHint}</p>
        </div>
      )}
      {row && (
        <>
          <Head row={row} />
          <Log key={row.id} row={row} />
          <Foot row={row} />
        </>
      )}
    </main>
  );
}

function Head({ row }: { row: CaseRow }): JSX.Element {
  const texts = t.value;
  return (
    <header class="talk-head">
      <div class="talk-title">
        <h2>{row.number}</h2>
        <StateChip state={row.state} />
        <CallChip row={row} />
        <Chip tone="kind">{word(texts.kinds, row.kind)}</Chip>
        <span class="soft">
          {`${word(texts.skillNames, row.skill)} · ${word(texts.channels, row.channel)} · `}
          {texts.talk.language[row.language as "pl" | "en"] ?? row.language}
        </span>
        <LegalChip legal={row.legal} />
        <DueChip row={row} />
      </div>
      <p class="talk-line">{row.summary_line}</p>
      <DeedBar row={row} />
    </header>
  );
}

/** Further from the end than this, the reader is reading something older. */
const NEAR_END_PX = 80;

function Log({ row }: { row: CaseRow }): JSX.Element {
  const talk = desk.talks.of(row.id);
  const box = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const newest = talk.turns.at(-1)?.seq ?? 0;
  const toEnd = (): void => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
    setAway(false);
  };
  useLayoutEffect(() => {
    if (!away) toEnd();
  }, [newest, talk.pending, talk.typing, talk.loaded]);
  const onScroll = (): void => {
    const log = box.current;
    if (log) setAway(log.scrollHeight - log.scrollTop - log.clientHeight > NEAR_END_PX);
  };
  return (
    <div class="log-box">
      <div class="log" role="log" aria-label={t.value.talk.log} tabIndex={0} ref={box} onScroll={onScroll}>
        {!talk.loaded && <Empty>{t.value.loading}</Empty>}
        {talk.loaded && !talk.turns.length && <Empty>{t.value.talk.empty}</Empty>}
        {talk.turns.map((turn) => (
          <TurnView key={turn.seq} turn={turn} />
        ))}
        {talk.pending.map((message) => (
          <PendingView key={message.client_id} row={row} message={message} />
        ))}
      </div>
      {away && (
        <button type="button" class="new-below" onClick={toEnd}>
          {t.value.talk.newBelow}
        </button>
      )}
      <p class="typing" aria-live="off">
        {talk.typing ? t.value.talk.typing : ""}
      </p>
    </div>
  );
}

function TurnView({ turn }: { turn: Turn }): JSX.Element {
  const texts = t.value.talk;
  return (
    <article class={`turn ${turn.author}`} id={`turn-${turn.seq}`} tabIndex={-1}>
      <p class="meta">
        <span class="author">{turn.author === "agent" && turn.name ? turn.name : texts.authors[turn.author]}</span>{" "}
        <Time at={turn.at} /> <span class="seq">{turn.seq}</span>
        {typeof turn.speech?.from_ms === "number" && <span class="soft">{texts.spokenAt(offset(turn.speech.from_ms))}</span>}
        {turn.author === "agent" && <span class="delivered">{` · ${texts.sent}`}</span>}
      </p>
      <p class="text" lang={turn.language}>
        <Words turn={turn} />
      </p>
      <Cut turn={turn} />
      {turn.buttons.length > 0 && (
        <p class="meta">{texts.buttons(turn.buttons.map((button) => button.title).join(" · "))}</p>
      )}
      {turn.files?.map((file) => (
        <p key={file.id} class="file">
          <Icon name="file" /> <a href={`/api/v1/files/${file.id}`}>{file.name}</a>{" "}
          <span class="soft">{bytes(language(), file.size)}</span>
        </p>
      ))}
    </article>
  );
}

/** The words of a turn; those that may have been others are marked by colour and by a question mark. */
function Words({ turn }: { turn: Turn }): JSX.Element {
  const texts = t.value.talk;
  const found = pieces(turn);
  const unsure = unsureWords(turn.speech);
  if (!found) {
    return (
      <>
        {turn.text}
        {unsure.length > 0 && (
          <span class="unsure-list" lang={language()}>
            {texts.unsureWords} <Unsure text={unsure.join(", ")} />
          </span>
        )}
      </>
    );
  }
  return (
    <>
      {found.map((piece, index) => (
        <Fragment key={index}>
          {index > 0 && " "}
          {piece.unsure ? <Unsure text={piece.text} /> : piece.text}
        </Fragment>
      ))}
    </>
  );
}

function Unsure({ text }: { text: string }): JSX.Element {
  return (
    <mark class="unsure" title={t.value.talk.unsure}>
      {text}
      <span aria-hidden="true">{"\u00a0(?)"}</span>
      <span class="unseen">{` (${t.value.talk.unsure})`}</span>
    </mark>
  );
}

/** The caller broke in: what stands here is all that they heard. */
function Cut({ turn }: { turn: Turn }): JSX.Element | null {
  const heard = turn.speech?.heard_ms;
  if (heard === null || heard === undefined) return null;
  return <p class="meta cut">{t.value.talk.cut((heard / 1000).toLocaleString(language(), { maximumFractionDigits: 1 }))}</p>;
}

function PendingView({ row, message }: { row: CaseRow; message: Pending }): JSX.Element {
  const texts = t.value.talk;
  const current = (): CaseRow => desk.rows.value.get(row.id) ?? row;
  const takeBack = (): void => insertText(row.id, desk.talks.takeBack(row.id, message.client_id), false);
  return (
    <article class={`turn agent pending is-${message.state}`}>
      <p class="meta">
        <span class="author">{texts.me}</span> <Time at={message.at} />
      </p>
      <p class="text">{message.text}</p>
      {message.state === "sending" && <p class="meta">{texts.sending}</p>}
      {message.state === "failed" && (
        <div class="meta failed">
          <p>
            {texts.notSent} {problemText(message.code ?? "")}
          </p>
          <div class="buttons">
            <button type="button" onClick={() => void desk.talks.resend(current(), message.client_id)}>
              {texts.retry}
            </button>
            <button type="button" onClick={takeBack}>
              {texts.takeBack}
            </button>
          </div>
        </div>
      )}
      {message.state === "missed" && <Missed row={row} message={message} takeBack={takeBack} />}
    </article>
  );
}

/** The customer wrote meanwhile: show it, and ask before the answer goes out. */
function Missed({ row, message, takeBack }: { row: CaseRow; message: Pending; takeBack: () => void }): JSX.Element {
  const texts = t.value.talk;
  const ask = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => ask.current?.focus(), []);
  const anyway = (): void => void desk.talks.resend(desk.rows.value.get(row.id) ?? row, message.client_id);
  return (
    <div class="missed" role="group" aria-label={texts.missedTitle}>
      <p>
        <strong>{texts.missedTitle}</strong>
      </p>
      <ul>
        {message.missed.map((turn) => (
          <li key={turn.seq}>
            {turn.name ?? texts.authors[turn.author]}: <span lang={turn.language}>{turn.text}</span>
          </li>
        ))}
      </ul>
      <p>{texts.missedAsk}</p>
      <div class="buttons">
        <button type="button" ref={ask} onClick={takeBack}>
          {texts.takeBack}
        </button>
        <button type="button" onClick={anyway}>
          {texts.sendAnyway}
        </button>
      </div>
    </div>
  );
}

function Foot({ row }: { row: CaseRow }): JSX.Element {
  if (!desk.holds(row)) return <p class="foot-note">{t.value.talk.readOnly}</p>;
  if (row.state === "wrap_up") return <WrapUp key={row.id} row={row} />;
  if (row.state === "on_hold") return <p class="foot-note">{t.value.talk.onHold}</p>;
  if (row.channel === "voice") return <p class="foot-note">{row.call_id ? t.value.talk.byPhone : t.value.talk.callThem}</p>;
  return <Composer key={row.id} row={row} />;
}
