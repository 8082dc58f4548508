/** The live wall: who waits where, who is at a desk, how the day goes. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, desk } from "../app";
import { Problem } from "../api";
import { language, t, word } from "../i18n";
import { clock, measured, span } from "../i18n/format";
import { now } from "../clock";
import type { Wall, WallAgent, WallLine } from "../types";
import { Chip, Empty } from "../ui/basics";
import { Since } from "../ui/clocks";
import { Table } from "./table";

const EVERY_MS = 5_000;

/** The wall's numbers, asked for every five seconds while the page is looked at. */
function useWall(): { wall: Wall | null; stale: boolean } {
  const [wall, setWall] = useState<Wall | null>(null);
  const [stale, setStale] = useState(false);
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== "visible") return;
      try {
        const got = await api.get<Wall>("/wall");
        if (!current) return;
        setWall(got);
        setStale(false);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (current) setStale(true);
        if (error.status && error.status < 500) desk.tell(error);
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    const onShown = (): void => void ask();
    document.addEventListener("visibilitychange", onShown);
    return () => {
      current = false;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onShown);
    };
  }, []);
  return { wall, stale };
}

export function Live(): JSX.Element {
  const { wall, stale } = useWall();
  const texts = t.value.wall;
  return (
    <>
      <div class="page-head">
        <h1>{texts.pages.live}</h1>
        {wall && <span class="soft">{texts.updated(clock(language(), wall.at, now.value))}</span>}
      </div>
      <div role="status">
        {stale && <p class="banner bad">{texts.stale}</p>}
        {wall?.degraded && <p class="banner warn">{t.value.degraded}</p>}
      </div>
      {!wall && <Empty>{t.value.loading}</Empty>}
      {wall && (
        <>
          <Figures wall={wall} />
          <div class="columns">
            <Lines lines={wall.lines} />
            <People agents={wall.agents} />
          </div>
        </>
      )}
    </>
  );
}

interface Figure {
  label: string;
  value: string;
  tone?: string;
}

/** The day's figures in one row. */
function figures(wall: Wall): Figure[] {
  const texts = t.value.wall.today;
  const { today, bot, lines } = wall;
  const lang = language();
  const sum = (of: (line: WallLine) => number): number => lines.reduce((all, line) => all + of(line), 0);
  const longest = Math.max(0, ...lines.map((line) => line.longest_wait_s));
  const late = sum((line) => line.breached);
  return [
    { label: texts.waiting, value: String(sum((line) => line.waiting)) },
    { label: texts.longest, value: span(lang, longest * 1000) },
    {
      label: `${texts.atRisk} / ${t.value.wall.breached.toLowerCase()}`,
      value: `${sum((line) => line.at_risk)} / ${late}`,
      tone: late ? "bad" : "",
    },
    { label: texts.queued, value: String(today.queued) },
    { label: texts.answered, value: String(today.answered) },
    { label: texts.abandoned, value: String(today.abandoned) },
    { label: texts.service_level, value: measured(lang, today.service_level, "percent") },
    { label: texts.asa, value: measured(lang, today.asa_s, "seconds") },
    { label: texts.bot, value: String(bot.conversations_now) },
    { label: texts.contained, value: String(bot.contained_today) },
  ];
}

function Figures({ wall }: { wall: Wall }): JSX.Element {
  return (
    <dl class="figures">
      {figures(wall).map((figure) => (
        <div key={figure.label} class={figure.tone}>
          <dt>{figure.label}</dt>
          <dd>{figure.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Lines({ lines }: { lines: readonly WallLine[] }): JSX.Element {
  const texts = t.value.wall;
  const heads = [
    texts.line,
    { number: texts.waiting },
    { number: texts.longest },
    { number: texts.atRisk },
    { number: texts.breached },
  ];
  return (
    <section>
      <Table title={texts.lines} heads={heads}>
        {!lines.length && (
          <tr>
            <td colSpan={heads.length}>{texts.noLines}</td>
          </tr>
        )}
        {lines.map((line) => (
          <tr key={line.route}>
            <th scope="row">
              {word(t.value.skillNames, line.skill)}{" "}
              <span class="soft">{`${line.language} · ${word(t.value.channels, line.channel)} · ${line.level}`}</span>
            </th>
            <td class="right">{line.waiting}</td>
            <td class="right">{span(language(), line.longest_wait_s * 1000)}</td>
            <td class="right">{line.at_risk ? <Chip tone="warn">{line.at_risk}</Chip> : 0}</td>
            <td class="right">{line.breached ? <Chip tone="bad">{line.breached}</Chip> : 0}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

const ORDER = ["available", "busy", "break", "offline"];

function People({ agents }: { agents: readonly WallAgent[] }): JSX.Element {
  const texts = t.value.wall;
  const sorted = [...agents].sort(
    (a, b) => ORDER.indexOf(a.presence) - ORDER.indexOf(b.presence) || a.name.localeCompare(b.name),
  );
  const reasons = new Map(desk.session.settings.value.break_reasons.map((one) => [one.code, one.label]));
  const heads = [texts.person, texts.state, { number: texts.since }, { number: texts.load }, texts.cases];
  return (
    <section>
      <Table title={texts.agents} heads={heads}>
        {!sorted.length && (
          <tr>
            <td colSpan={heads.length}>{texts.noAgents}</td>
          </tr>
        )}
        {sorted.map((agent) => (
          <tr key={agent.id}>
            <th scope="row">{agent.name}</th>
            <td>
              <span class={`dot ${agent.presence}`} aria-hidden="true" /> {word(t.value.presenceStates, agent.presence)}
              {agent.presence_reason && ` (${reasons.get(agent.presence_reason) ?? agent.presence_reason})`}
            </td>
            <td class="right">
              <Since at={agent.presence_since} />
            </td>
            <td class="right">
              {Object.entries(agent.capacity)
                .filter(([, most]) => most > 0)
                .map(([channel, most]) => `${word(t.value.channels, channel)} ${agent.load[channel] ?? 0}/${most}`)
                .join(", ")}
            </td>
            <td>
              {agent.cases.map((id, index) => (
                <a key={id} class="case-link" href={`#/case/${id}`} aria-label={`${agent.name}: ${texts.cases} ${index + 1}`}>
                  {index + 1}
                </a>
              ))}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
