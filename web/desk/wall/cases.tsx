/** The list of cases for supervisors: filter, look into, assign. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, desk } from "../app";
import { language, t, word } from "../i18n";
import { day } from "../i18n/format";
import type { CaseRow } from "../types";
import { Empty, StateChip, Time } from "../ui/basics";
import { DueChip, LegalChip } from "../ui/clocks";
import { Reassign } from "../views/deed_dialogs";
import { Table } from "./table";

interface Filter {
  state: string;
  kind: string;
  q: string;
}

const NO_FILTER: Filter = { state: "", kind: "", q: "" };
const MOVABLE: readonly string[] = ["queued", "offered", "active", "on_hold"];

export function Cases(): JSX.Element {
  const texts = t.value.wall;
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [rows, setRows] = useState<CaseRow[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const load = async (wanted: Filter, after: string | null, before: CaseRow[]): Promise<void> => {
    try {
      const answer = await api.get<{ items: CaseRow[]; next: string | null }>("/cases", { ...wanted, after, limit: 50 });
      setRows([...before, ...answer.items]);
      setNext(answer.next);
    } catch (error) {
      desk.tell(error);
      setRows(before);
    }
  };
  useEffect(() => void load(filter, null, []), [filter]);
  return (
    <>
      <div class="page-head">
        <h1>{texts.pages.cases}</h1>
      </div>
      <FilterForm onChange={setFilter} />
      {!rows && <Empty>{t.value.loading}</Empty>}
      {rows && <CaseTable title={texts.pages.cases} rows={rows} onChanged={() => void load(filter, null, [])} />}
      {next && (
        <button type="button" class="more" onClick={() => void load(filter, next, rows ?? [])}>
          {t.value.more}
        </button>
      )}
    </>
  );
}

function FilterForm({ onChange }: { onChange: (filter: Filter) => void }): JSX.Element {
  const texts = t.value.wall.filter;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const read = (name: string): string => String(data.get(name) ?? "").trim();
    onChange({ state: read("state"), kind: read("kind"), q: read("q") });
  };
  return (
    <form class="filter" role="search" onSubmit={submit}>
      <Choice name="state" label={texts.state} words={t.value.states} />
      <Choice name="kind" label={texts.kind} words={t.value.kinds} />
      <label>
        {texts.text}
        <input type="search" name="q" />
      </label>
      <button type="submit">{texts.submit}</button>
    </form>
  );
}

function Choice({ name, label, words }: { name: string; label: string; words: Record<string, string> }): JSX.Element {
  return (
    <label>
      {label}
      <select name={name}>
        <option value="">{t.value.wall.filter.all}</option>
        {Object.entries(words).map(([code, text]) => (
          <option key={code} value={code}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface CaseTableProps {
  title: string;
  rows: readonly CaseRow[];
  onChanged: () => void;
  /** The statutory deadline gets columns of its own. */
  legal?: boolean;
  hideTitle?: boolean;
}

/** Cases as a table, each with its proof, and who may have it next. */
export function CaseTable({ title, rows, onChanged, legal, hideTitle = true }: CaseTableProps): JSX.Element {
  const texts = t.value.wall;
  const [assigning, setAssigning] = useState<CaseRow | null>(null);
  const clocks = legal ? [texts.received, texts.due, texts.daysLeft, texts.regime] : [texts.due];
  const heads = [texts.number, texts.state, texts.summary, texts.owner, ...clocks, t.value.deeds.label];
  return (
    <>
      <Table title={title} heads={heads} hideTitle={hideTitle}>
        {!rows.length && (
          <tr>
            <td colSpan={heads.length}>{legal ? texts.noLegal : texts.noCases}</td>
          </tr>
        )}
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <a class="number" href={`#/case/${row.id}`}>
                {row.number}
              </a>
            </th>
            <td>
              <StateChip state={row.state} />
            </td>
            <td class="wide-cell">{row.summary_line}</td>
            <td>{row.agent ?? <span class="soft">{texts.nobody}</span>}</td>
            {legal ? <LegalCells row={row} /> : <DueCell row={row} />}
            <td>
              <span class="buttons">
                <a class="button" href={`/#/case/${row.id}`}>
                  {texts.openAtDesk}
                  <span class="unseen"> {row.number}</span>
                </a>
                {MOVABLE.includes(row.state) && (
                  <button type="button" onClick={() => setAssigning(row)}>
                    {texts.assign}
                    <span class="unseen"> {row.number}</span>
                  </button>
                )}
              </span>
            </td>
          </tr>
        ))}
      </Table>
      {assigning && (
        <Reassign
          row={assigning}
          onClose={() => setAssigning(null)}
          onDone={async (agentId) => {
            const done = await desk.reassign(assigning, agentId);
            onChanged();
            return done;
          }}
        />
      )}
    </>
  );
}

function DueCell({ row }: { row: CaseRow }): JSX.Element {
  return (
    <td>
      <Time at={row.due_at} /> <DueChip row={row} /> <LegalChip legal={row.legal} />
    </td>
  );
}

function LegalCells({ row }: { row: CaseRow }): JSX.Element | null {
  if (!row.legal) return null;
  return (
    <>
      <td>{day(language(), row.legal.received_at)}</td>
      <td>{day(language(), row.legal.due)}</td>
      <td>
        <LegalChip legal={row.legal} />
      </td>
      <td>{word(t.value.regimes, row.legal.regime)}</td>
    </>
  );
}
