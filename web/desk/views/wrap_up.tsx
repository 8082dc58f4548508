/** After the talk: what came of it. The note is prepared and can be changed; a reload keeps it. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { desk } from "../app";
import { t } from "../i18n";
import type { CaseRow } from "../types";
import { Field } from "../ui/basics";

export function WrapUp({ row }: { row: CaseRow }): JSX.Element {
  const texts = t.value.wrap;
  const card = desk.cards.value.get(row.id);
  const [note, setNote] = useState<string | null>(desk.drafts.note(row.id));
  const [disposition, setDisposition] = useState("");
  const [error, setError] = useState<string | null>(null);
  const choice = useRef<HTMLSelectElement>(null);
  useEffect(() => choice.current?.focus(), []);
  const written = note ?? card?.wrap_up_note ?? "";
  const change = (text: string): void => {
    setNote(text);
    desk.drafts.setNote(row.id, text);
  };
  const close = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!disposition) {
      setError(texts.required);
      choice.current?.focus();
      return;
    }
    if (await desk.act(row, "close", { disposition, note: written })) desk.drafts.setNote(row.id, null);
  };
  return (
    <form class="wrap-up" onSubmit={(event) => void close(event)} noValidate>
      <h3>{texts.title}</h3>
      <div class="wrap-fields">
        <Field label={texts.disposition} error={error}>
          {(ids) => (
            <select
              {...ids}
              ref={choice}
              required
              value={disposition}
              onChange={(event) => {
                setDisposition(event.currentTarget.value);
                setError(null);
              }}
            >
              <option value="">{texts.choose}</option>
              {desk.session.settings.value.dispositions.map((one) => (
                <option key={one.code} value={one.code}>
                  {one.label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={texts.note} hint={texts.noteHint}>
          {(ids) => <textarea {...ids} rows={3} value={written} onInput={(event) => change(event.currentTarget.value)} />}
        </Field>
      </div>
      <button type="submit" class="primary">
        {texts.submit}
      </button>
    </form>
  );
}
