/** The proof of a case: every event of its hash chain, and whether the chain holds. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, desk } from "../app";
import { language, t, word } from "../i18n";
import { moment } from "../i18n/format";
import type { Agent, CaseCard, CaseEvent } from "../types";
import { Empty, StateChip } from "../ui/basics";
import { Table } from "./table";

interface Proven {
  card: CaseCard;
  events: CaseEvent[];
  intact: boolean;
  names: Map<string, string>;
}

/** Everything the proof shows; names of agents are a courtesy and may be missing. */
async function load(caseId: string): Promise<Proven> {
  const [card, log, agents] = await Promise.all([
    api.get<CaseCard>(`/cases/${caseId}`),
    api.get<{ events: CaseEvent[]; intact: boolean }>(`/cases/${caseId}/events`),
    api.get<Agent[]>("/agents").catch((): Agent[] => []),
  ]);
  return { card, ...log, names: new Map(agents.map((agent) => [agent.id, agent.name])) };
}

export function Proof({ caseId }: { caseId: string }): JSX.Element {
  const texts = t.value.wall;
  const [proven, setProven] = useState<Proven | null>(null);
  useEffect(() => {
    load(caseId)
      .then(setProven)
      .catch((error: unknown) => desk.tell(error));
  }, [caseId]);
  if (!proven) return <Empty>{t.value.loading}</Empty>;
  const { card, events, intact, names } = proven;
  return (
    <>
      <div class="page-head">
        <h1>{card.number}</h1>
        <StateChip state={card.state} />
        <a class="button" href={`/#/case/${card.id}`}>
          {texts.openAtDesk}
        </a>
      </div>
      <p class="lead">{card.summary_line}</p>
      <p class={`seal ${intact ? "good" : "bad"}`}>{intact ? texts.intact : texts.broken}</p>
      <Table title={texts.events} heads={Object.values(texts.event)}>
        {events.map((event) => (
          <tr key={event.n}>
            <td>{event.n}</td>
            <th scope="row">{word(t.value.eventTypes, event.type)}</th>
            <td>
              <time dateTime={event.at}>{moment(language(), event.at)}</time>
            </td>
            <td>{names.get(event.actor) ?? word(texts.actors, event.actor)}</td>
            <td class="data-cell">
              {Object.entries(event.data)
                .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
                .join("; ")}
            </td>
            <td>
              <code title={event.hash}>{event.hash.slice(0, 12)}</code>
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}
