/** The editor of canned answers. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { newId } from "../../widget/ids";
import { api, desk } from "../app";
import { t, word } from "../i18n";
import type { Canned } from "../types";
import { Dialog, Empty, Field } from "../ui/basics";
import { Table } from "./table";

export function CannedEditor(): JSX.Element {
  const texts = t.value.wall;
  const [all, setAll] = useState<Canned[] | null>(null);
  const [edited, setEdited] = useState<Canned | "new" | null>(null);
  const load = async (): Promise<void> => {
    try {
      const { items } = await api.get<{ items: Canned[] }>("/canned");
      setAll([...items].sort((a, b) => a.shortcut.localeCompare(b.shortcut)));
    } catch (error) {
      desk.tell(error);
      setAll([]);
    }
  };
  useEffect(() => void load(), []);
  const heads = [texts.canned.shortcut, texts.canned.language, texts.canned.name, texts.canned.text, t.value.deeds.label];
  return (
    <>
      <div class="page-head">
        <h1>{texts.pages.canned}</h1>
        <button type="button" class="primary" onClick={() => setEdited("new")}>
          {texts.canned.add}
        </button>
      </div>
      {!all && <Empty>{t.value.loading}</Empty>}
      {all && (
        <Table title={texts.pages.canned} heads={heads} hideTitle>
          {!all.length && (
            <tr>
              <td colSpan={heads.length}>{texts.canned.none}</td>
            </tr>
          )}
          {all.map((canned) => (
            <tr key={canned.id}>
              <th scope="row">/{canned.shortcut}</th>
              <td>{word(t.value.languages, canned.language)}</td>
              <td>{canned.title}</td>
              <td class="wide-cell" lang={canned.language}>
                {canned.text}
              </td>
              <td>
                <button type="button" onClick={() => setEdited(canned)}>
                  {t.value.edit}
                  <span class="unseen"> {canned.title}</span>
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {edited && (
        <CannedForm
          canned={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            desk.notices.add("info", "saved");
            void load();
          }}
        />
      )}
    </>
  );
}

interface CannedFormProps {
  canned: Canned | null;
  onClose: () => void;
  onSaved: () => void;
}

function CannedForm({ canned, onClose, onSaved }: CannedFormProps): JSX.Element {
  const texts = t.value.wall.canned;
  const [sure, setSure] = useState(false);
  const run = async (send: () => Promise<unknown>): Promise<void> => {
    try {
      await send();
      onSaved();
    } catch (error) {
      desk.tell(error);
    }
  };
  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const read = (name: string): string => String(data.get(name) ?? "").trim();
    const intents = read("intents").split(",").map((one) => one.trim()).filter(Boolean);
    const body = { shortcut: read("shortcut").replace(/^\//, ""), language: read("language"), title: read("title"), text: read("text"), intents };
    void run(() => api.put(`/canned/${canned?.id ?? newId().replaceAll("-", "").slice(0, 26)}`, body));
  };
  const remove = (): void => {
    if (!sure || !canned) setSure(true);
    else void run(() => api.delete(`/canned/${canned.id}`));
  };
  return (
    <Dialog wide title={canned ? `${texts.title}: ${canned.title}` : texts.add} onClose={onClose}>
      <form onSubmit={save}>
        <div class="side-by-side">
          <Field label={texts.shortcut}>
            {(ids) => <input {...ids} name="shortcut" required maxLength={40} pattern="/?\S+" value={canned?.shortcut ?? ""} />}
          </Field>
          <Field label={texts.language}>
            {(ids) => (
              <select {...ids} name="language">
                {Object.entries(t.value.languages).map(([code, name]) => (
                  <option key={code} value={code} selected={code === (canned?.language ?? "pl")}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Field label={texts.name}>{(ids) => <input {...ids} name="title" required maxLength={120} value={canned?.title ?? ""} />}</Field>
        <Field label={texts.text} hint={texts.textHint}>
          {(ids) => <textarea {...ids} name="text" required rows={5} value={canned?.text ?? ""} />}
        </Field>
        <Field label={texts.intents}>{(ids) => <input {...ids} name="intents" value={canned?.intents?.join(", ") ?? ""} />}</Field>
        <footer class="buttons">
          <button type="submit" class="primary">
            {t.value.save}
          </button>
          <button type="button" onClick={onClose}>
            {t.value.cancel}
          </button>
          {canned && (
            <button type="button" onClick={remove}>
              {sure ? texts.sure(canned.title) : t.value.delete}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
