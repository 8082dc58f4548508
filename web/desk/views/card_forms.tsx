/** The parts of the card that are written: identity checks, notes, the answer to a complaint. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { desk } from "../app";
import { t, word } from "../i18n";
import type { CaseCard, CaseRow } from "../types";
import { Chip, Field, Time } from "../ui/basics";

const METHODS = ["order_match", "email_match", "phone_match", "email_code", "call_back"] as const;
const MEDIA = ["email", "paper", "pdf"] as const;
const LEVEL_TONE: Record<string, string> = { verified: "good", strong: "good", claimed: "warn" };

interface Props {
  card: CaseCard;
  row: CaseRow;
}

/** What was checked, how and by whom; only results, never the secrets themselves. */
export function Identity({ card, row }: Props): JSX.Element {
  const texts = t.value.card;
  const { level, method, orders, checks } = card.identity;
  const [busy, setBusy] = useState(false);
  const [chosen, setChosen] = useState<string>(METHODS[0]);
  const record = async (passed: boolean): Promise<void> => {
    setBusy(true);
    await desk.add(row, "identity", { method: chosen, passed });
    setBusy(false);
  };
  return (
    <>
      <p>
        <Chip tone={LEVEL_TONE[level] ?? "quiet"}>{word(t.value.levels, level)}</Chip>{" "}
        {method && <span class="soft">{word(t.value.methods, method)}</span>}
      </p>
      {orders.length > 0 && <p>{texts.orders(orders.join(", "))}</p>}
      <ul class="checks">
        {checks.map((check, index) => (
          <li key={index}>
            <Chip tone={check.passed ? "good" : "bad"}>{check.passed ? texts.passed : texts.notPassed}</Chip>{" "}
            {word(t.value.methods, check.method)}{" "}
            <span class="soft">
              {check.agent}, <Time at={check.at} />
            </span>
          </li>
        ))}
      </ul>
      {desk.holds(row) && (
        <details>
          <summary>{texts.identityCheck}</summary>
          <Field label={texts.identityMethod} hint={texts.identityHint}>
            {(ids) => (
              <select {...ids} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
                {METHODS.map((one) => (
                  <option key={one} value={one}>
                    {word(t.value.methods, one)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <div class="buttons">
            <button type="button" disabled={busy} onClick={() => void record(true)}>
              {texts.passed}
            </button>
            <button type="button" disabled={busy} onClick={() => void record(false)}>
              {texts.notPassed}
            </button>
          </div>
        </details>
      )}
    </>
  );
}

/** Notes that only the desk sees. */
export function Notes({ card, row }: Props): JSX.Element {
  const texts = t.value.card;
  const [text, setText] = useState("");
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (text.trim() && (await desk.add(row, "notes", { text: text.trim() }))) setText("");
  };
  return (
    <>
      <ul class="notes">
        {card.notes.map((note) => (
          <li key={note.id}>
            <p class="note-text">{note.text}</p>
            <span class="soft">
              {note.agent}, <Time at={note.at} />
            </span>
          </li>
        ))}
      </ul>
      <form onSubmit={(event) => void add(event)}>
        <Field label={texts.note} hint={texts.notesHint}>
          {(ids) => <textarea {...ids} rows={2} value={text} onInput={(event) => setText(event.currentTarget.value)} />}
        </Field>
        <button type="submit" disabled={!text.trim()}>
          {texts.addNote}
        </button>
      </form>
    </>
  );
}

/** The complaint was answered on a durable medium: the statutory clock stops. */
export function LegalAnswer({ row }: { row: CaseRow }): JSX.Element | null {
  const texts = t.value.card;
  const [medium, setMedium] = useState<string>(MEDIA[0]);
  if (!desk.holds(row) && !desk.session.supervises) return null;
  return (
    <details>
      <summary>{texts.legalAnswer}</summary>
      <Field label={texts.legalMedium}>
        {(ids) => (
          <select {...ids} value={medium} onChange={(event) => setMedium(event.currentTarget.value)}>
            {MEDIA.map((one) => (
              <option key={one} value={one}>
                {word(t.value.media, one)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <button type="button" onClick={() => void desk.add(row, "legal-answer", { durable_medium: medium })}>
        {t.value.save}
      </button>
    </details>
  );
}
