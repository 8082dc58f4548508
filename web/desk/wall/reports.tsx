/** KPI reports: the number, its definition, a chart with its table, and the cases behind it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, desk } from "../app";
import { language, t } from "../i18n";
import { day, measured } from "../i18n/format";
import type { CaseRow, Kpi, Report } from "../types";
import { Empty } from "../ui/basics";
import { CaseTable } from "./cases";
import { Chart } from "./chart";
import { Table } from "./table";

interface Asked {
  kpi: string;
  from: string;
  to: string;
  group_by: string;
}

const DAY_MS = 86_400_000;
/** Of the cases behind a number, so many are fetched at once. */
const CASES_SHOWN = 25;

function dayBefore(days: number): string {
  const at = new Date(Date.now() - days * DAY_MS);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

export function Reports({ chosen }: { chosen: string | null }): JSX.Element {
  const texts = t.value.wall;
  const [kpis, setKpis] = useState<Kpi[] | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    api
      .get<{ kpis: Kpi[] }>("/reports")
      .then((answer) => {
        setKpis(answer.kpis);
        const first = answer.kpis.find((kpi) => kpi.id === chosen) ?? answer.kpis[0];
        if (first) setAsked({ kpi: first.id, from: dayBefore(6), to: dayBefore(0), group_by: "day" });
      })
      .catch((error: unknown) => desk.tell(error));
  }, [chosen]);
  return (
    <>
      <div class="page-head">
        <h1>{texts.pages.reports}</h1>
      </div>
      {!kpis && <Empty>{t.value.loading}</Empty>}
      {kpis && asked && <ReportForm kpis={kpis} asked={asked} onChange={setAsked} />}
      {asked && <ReportView asked={asked} />}
    </>
  );
}

interface ReportFormProps {
  kpis: readonly Kpi[];
  asked: Asked;
  onChange: (asked: Asked) => void;
}

function ReportForm({ kpis, asked, onChange }: ReportFormProps): JSX.Element {
  const texts = t.value.wall.report;
  const wrong = asked.from > asked.to;
  const possible = kpis.find((kpi) => kpi.id === asked.kpi)?.groups;
  const groups = Object.entries(texts.groups).filter(([code]) => !possible || possible.includes(code));
  const chooseKpi = (id: string): void => {
    const by = kpis.find((kpi) => kpi.id === id)?.groups;
    const group = !by || by.includes(asked.group_by) ? asked.group_by : (by[0] ?? asked.group_by);
    onChange({ ...asked, kpi: id, group_by: group });
  };
  return (
    <form class="filter" onSubmit={(event) => event.preventDefault()}>
      <label>
        {texts.kpi}
        <select value={asked.kpi} onChange={(event) => chooseKpi(event.currentTarget.value)}>
          {kpis.map((kpi) => (
            <option key={kpi.id} value={kpi.id}>
              {kpi.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {texts.from}
        <input type="date" required value={asked.from} onChange={(event) => onChange({ ...asked, from: event.currentTarget.value })} />
      </label>
      <label>
        {texts.to}
        <input type="date" required value={asked.to} onChange={(event) => onChange({ ...asked, to: event.currentTarget.value })} />
      </label>
      <label>
        {texts.group}
        <select value={asked.group_by} onChange={(event) => onChange({ ...asked, group_by: event.currentTarget.value })}>
          {groups.map(([code, label]) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <p class="error" role="status">
        {wrong && texts.order}
      </p>
    </form>
  );
}

function ReportView({ asked }: { asked: Asked }): JSX.Element | null {
  const texts = t.value.wall.report;
  const [report, setReport] = useState<Report | null>(null);
  const [behind, setBehind] = useState<Report["groups"][number] | null>(null);
  const { kpi, ...query } = asked;
  useEffect(() => {
    setBehind(null);
    if (!asked.from || !asked.to || asked.from > asked.to) return;
    let current = true;
    api
      .get<Report>(`/reports/${kpi}`, query)
      .then((got) => current && setReport(got))
      .catch((error: unknown) => desk.tell(error));
    return () => {
      current = false;
    };
  }, [asked]);
  if (!report) return null;
  const search = new URLSearchParams(query).toString();
  return (
    <article class="report" aria-label={report.name}>
      <header class="report-head">
        <div>
          <h2>{report.name}</h2>
          <p class="total">{measured(language(), report.total.value, report.unit)}</p>
          <p class="soft">{`${texts.n}: ${report.total.n}`}</p>
        </div>
        <div class="definition">
          <h3>{texts.definition}</h3>
          <p>{report.definition}</p>
          <p class="buttons">
            <a class="button" href={`/api/v1/reports/${kpi}.csv?${search}`} download>
              {texts.csv}
            </a>
            <a class="button" href={`/api/v1/reports/${kpi}.xlsx?${search}`} download>
              {texts.xlsx}
            </a>
          </p>
        </div>
      </header>
      {report.groups.length ? <Numbers report={report} onBehind={setBehind} group={asked.group_by} /> : <Empty>{texts.none}</Empty>}
      {behind && <Behind key={behind.key} group={behind} />}
    </article>
  );
}

interface NumbersProps {
  report: Report;
  group: string;
  onBehind: (group: Report["groups"][number]) => void;
}

function Numbers({ report, group, onBehind }: NumbersProps): JSX.Element {
  const texts = t.value.wall.report;
  const heads = [texts.heads[group] ?? group, { number: texts.value }, { number: texts.n }, t.value.wall.cases];
  return (
    <div class="columns">
      <Chart report={report} />
      <Table title={report.name} heads={heads} hideTitle>
        {report.groups.map((one) => (
          <tr key={one.key}>
            <th scope="row">{groupName(one.label)}</th>
            <td class="right">{measured(language(), one.value, report.unit)}</td>
            <td class="right">{one.n}</td>
            <td>
              {one.cases.length > 0 && (
                <button type="button" class="link" onClick={() => onBehind(one)}>
                  {texts.cases(one.cases.length)}
                  <span class="unseen">: {groupName(one.label)}</span>
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

/** Days as one writes them; everything else as the server calls it. */
function groupName(label: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(label) ? day(language(), label) : label;
}

/** The cases that made a number. */
function Behind({ group }: { group: Report["groups"][number] }): JSX.Element {
  const [rows, setRows] = useState<CaseRow[]>([]);
  const [shown, setShown] = useState(CASES_SHOWN);
  useEffect(() => {
    const wanted = group.cases.slice(rows.length, shown);
    Promise.all(wanted.map((id) => api.get<CaseRow>(`/cases/${id}`)))
      .then((got) => setRows([...rows, ...got]))
      .catch((error: unknown) => desk.tell(error));
  }, [shown]);
  return (
    <section aria-live="polite">
      <CaseTable title={t.value.wall.report.behind(groupName(group.label))} hideTitle={false} rows={rows} onChanged={() => undefined} />
      {shown < group.cases.length && (
        <button type="button" class="more" onClick={() => setShown(shown + CASES_SHOWN)}>
          {t.value.more}
        </button>
      )}
    </section>
  );
}
