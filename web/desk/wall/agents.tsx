/** Who works here, and with what rights, languages and lines; only administrators change it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, desk } from "../app";
import { t, word } from "../i18n";
import type { Agent, Role } from "../types";
import { Dialog, Empty, Field } from "../ui/basics";
import { Table } from "./table";

const ROLES: readonly Role[] = ["agent", "supervisor", "editor", "admin"];
const CHANNELS = ["chat", "voice"] as const;

export function Agents(): JSX.Element {
  const texts = t.value.wall;
  const [agents, setAgents] = useState<Agent[] | null>(null);
  const [edited, setEdited] = useState<Agent | "new" | null>(null);
  const load = async (): Promise<void> => {
    try {
      setAgents(await api.get<Agent[]>("/agents"));
    } catch (error) {
      desk.tell(error);
      setAgents([]);
    }
  };
  useEffect(() => void load(), []);
  const admin = desk.session.agent.value?.role === "admin";
  const heads = [texts.person, texts.agent.login, texts.agent.role, texts.agent.languages, texts.line, texts.agent.capacity];
  return (
    <>
      <div class="page-head">
        <h1>{texts.pages.agents}</h1>
        {admin && (
          <button type="button" class="primary" onClick={() => setEdited("new")}>
            {texts.agent.add}
          </button>
        )}
      </div>
      {!agents && <Empty>{t.value.loading}</Empty>}
      {agents && (
        <Table title={texts.pages.agents} hideTitle heads={admin ? [...heads, t.value.deeds.label] : heads}>
          {!agents.length && (
            <tr>
              <td colSpan={heads.length}>{texts.agent.none}</td>
            </tr>
          )}
          {agents.map((agent) => (
            <AgentRow key={agent.id} agent={agent} onEdit={admin ? () => setEdited(agent) : null} />
          ))}
        </Table>
      )}
      {edited && (
        <AgentForm
          agent={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            void load();
          }}
        />
      )}
    </>
  );
}

function AgentRow({ agent, onEdit }: { agent: Agent; onEdit: (() => void) | null }): JSX.Element {
  const texts = t.value;
  const skills = Object.entries(agent.skills).map(([skill, level]) => `${word(texts.skillNames, skill)} ${level}`);
  const capacity = Object.entries(agent.capacity).map(([channel, most]) => `${word(texts.channels, channel)} ${most}`);
  return (
    <tr>
      <th scope="row">
        {agent.name} {agent.active === false && <span class="soft">({texts.wall.agent.inactive})</span>}
      </th>
      <td>{agent.login}</td>
      <td>{word(texts.roles, agent.role)}</td>
      <td>{agent.languages.map((code) => word(texts.languages, code)).join(", ")}</td>
      <td>{skills.join(", ")}</td>
      <td>{capacity.join(", ")}</td>
      {onEdit && (
        <td>
          <button type="button" onClick={onEdit}>
            {texts.edit}
            <span class="unseen"> {agent.name}</span>
          </button>
        </td>
      )}
    </tr>
  );
}

interface AgentFormProps {
  agent: Agent | null;
  onClose: () => void;
  onSaved: () => void;
}

/** The form's fields as the server takes them. */
function readForm(data: FormData, agent: Agent | null): Record<string, unknown> {
  const numbers = (prefix: string): Record<string, number> =>
    Object.fromEntries(
      [...data.entries()]
        .filter(([name, value]) => name.startsWith(prefix) && Number(value) > 0)
        .map(([name, value]) => [name.slice(prefix.length), Number(value)]),
    );
  const password = String(data.get("password") ?? "");
  return {
    ...(agent ? { active: data.has("active") } : { login: String(data.get("login") ?? "").trim() }),
    name: String(data.get("name") ?? "").trim(),
    role: data.get("role"),
    languages: data.getAll("languages"),
    skills: numbers("skill-"),
    capacity: numbers("capacity-"),
    ...(password ? { password } : {}),
  };
}

function AgentForm({ agent, onClose, onSaved }: AgentFormProps): JSX.Element {
  const texts = t.value.wall.agent;
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const body = readForm(new FormData(event.currentTarget as HTMLFormElement), agent);
    try {
      if (agent) await api.patch(`/agents/${agent.id}`, body);
      else await api.post("/agents", body);
      desk.notices.add("info", "saved");
      onSaved();
    } catch (error) {
      desk.tell(error);
    }
  };
  return (
    <Dialog wide title={agent ? `${texts.title}: ${agent.name}` : texts.add} onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        <div class="side-by-side">
          <Field label={texts.login}>
            {(ids) => <input {...ids} name="login" required disabled={agent !== null} value={agent?.login ?? ""} autocomplete="off" />}
          </Field>
          <Field label={texts.name}>{(ids) => <input {...ids} name="name" required value={agent?.name ?? ""} />}</Field>
          <Field label={texts.role}>
            {(ids) => (
              <select {...ids} name="role">
                {ROLES.map((role) => (
                  <option key={role} value={role} selected={role === (agent?.role ?? "agent")}>
                    {word(t.value.roles, role)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={texts.password} hint={texts.passwordHint}>
            {(ids) => <input {...ids} name="password" type="password" minLength={12} autocomplete="new-password" required={!agent} />}
          </Field>
        </div>
        <Checks agent={agent} />
        <Numbers legend={texts.skills} prefix="skill-" words={t.value.skillNames} values={agent?.skills ?? {}} most={3} />
        <Numbers
          legend={texts.capacity}
          prefix="capacity-"
          words={Object.fromEntries(CHANNELS.map((channel) => [channel, word(t.value.channels, channel)]))}
          values={agent?.capacity ?? { chat: 3, voice: 1 }}
          most={10}
        />
        <footer class="buttons">
          <button type="submit" class="primary">
            {t.value.save}
          </button>
          <button type="button" onClick={onClose}>
            {t.value.cancel}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Checks({ agent }: { agent: Agent | null }): JSX.Element {
  return (
    <fieldset class="inline-set">
      <legend>{t.value.wall.agent.languages}</legend>
      {Object.entries(t.value.languages).map(([code, name]) => (
        <label key={code} class="check">
          <input type="checkbox" name="languages" value={code} checked={agent ? agent.languages.includes(code) : code === "pl"} />
          {name}
        </label>
      ))}
      {agent && (
        <label class="check">
          <input type="checkbox" name="active" checked={agent.active !== false} />
          {t.value.wall.agent.active}
        </label>
      )}
    </fieldset>
  );
}

interface NumbersProps {
  legend: string;
  prefix: string;
  words: Record<string, string>;
  values: Record<string, number>;
  most: number;
}

function Numbers({ legend, prefix, words, values, most }: NumbersProps): JSX.Element {
  return (
    <fieldset class="inline-set">
      <legend>{legend}</legend>
      {Object.entries(words).map(([code, name]) => (
        <label key={code} class="number-field">
          {name}
          <input type="number" name={prefix + code} min={0} max={most} value={values[code] ?? 0} />
        </label>
      ))}
    </fieldset>
  );
}
