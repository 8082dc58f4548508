/** Dialogs of the deeds: transfer, back to the bot, call-back, assign. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, desk } from "../app";
import { t, word } from "../i18n";
import type { Agent, CaseRow } from "../types";
import { Dialog, Field } from "../ui/basics";

interface Props {
  row: CaseRow;
  onClose: () => void;
}

interface DeedFormProps {
  title: string;
  submit: string;
  onClose: () => void;
  /** True when it was done and the dialog may go. */
  onSubmit: () => Promise<boolean>;
  children: ComponentChildren;
}

function DeedForm({ title, submit, onClose, onSubmit, children }: DeedFormProps): JSX.Element {
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await onSubmit()) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        {children}
        <footer class="buttons">
          <button type="submit" class="primary">
            {submit}
          </button>
          <button type="button" onClick={onClose}>
            {t.value.cancel}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** Everybody a case can be given to, save ourselves. */
function useOthers(): Agent[] {
  const [agents, setAgents] = useState<Agent[]>([]);
  useEffect(() => {
    api
      .get<Agent[] | { items: Agent[] }>("/agents")
      .then((answer) => {
        const all = Array.isArray(answer) ? answer : answer.items;
        setAgents(all.filter((agent) => agent.id !== desk.session.agent.value?.id && agent.active !== false));
      })
      .catch((error: unknown) => desk.tell(error));
  }, []);
  return agents;
}

function AgentSelect({ agents, value, onChange, ids }: {
  agents: readonly Agent[];
  value: string;
  onChange: (id: string) => void;
  ids: object;
}): JSX.Element {
  return (
    <select {...ids} value={value} required onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{t.value.wrap.choose}</option>
      {agents.map((agent) => (
        <option key={agent.id} value={agent.id}>
          {`${agent.name} – ${word(t.value.presenceStates, agent.presence)}`}
        </option>
      ))}
    </select>
  );
}

export function Transfer({ row, onClose }: Props): JSX.Element {
  const texts = t.value.transfer;
  const others = useOthers();
  const [to, setTo] = useState<"skill" | "person">("skill");
  const [skill, setSkill] = useState(row.skill);
  const [person, setPerson] = useState("");
  const [lang, setLang] = useState(row.language);
  const [note, setNote] = useState("");
  const skills = desk.session.settings.value.skills;
  const submit = (): Promise<boolean> =>
    desk.act(row, "transfer", { to: to === "skill" ? { skill, language: lang } : { agent_id: person }, note });
  return (
    <DeedForm title={texts.title} submit={texts.submit} onClose={onClose} onSubmit={submit}>
      <fieldset>
        <legend>{texts.to}</legend>
        {(["skill", "person"] as const).map((one) => (
          <label key={one} class="check">
            <input type="radio" name="to" checked={to === one} onChange={() => setTo(one)} />
            {one === "skill" ? texts.toSkill : texts.toPerson}
          </label>
        ))}
      </fieldset>
      {to === "skill" && (
        <div class="side-by-side">
          <Field label={texts.skill}>
            {(ids) => (
              <select {...ids} value={skill} onChange={(event) => setSkill(event.currentTarget.value)}>
                {(skills.length ? skills : Object.entries(t.value.skillNames).map(([code, label]) => ({ code, label }))).map((one) => (
                  <option key={one.code} value={one.code}>
                    {one.label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={texts.language}>
            {(ids) => (
              <select {...ids} value={lang} onChange={(event) => setLang(event.currentTarget.value)}>
                {Object.entries(t.value.languages).map(([code, name]) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
      {to === "person" && (
        <Field label={texts.person} hint={others.length ? undefined : texts.nobody}>
          {(ids) => <AgentSelect ids={ids} agents={others} value={person} onChange={setPerson} />}
        </Field>
      )}
      <Field label={texts.note} hint={texts.noteHint}>
        {(ids) => <textarea {...ids} rows={3} value={note} onInput={(event) => setNote(event.currentTarget.value)} />}
      </Field>
    </DeedForm>
  );
}

export function GiveBack({ row, onClose }: Props): JSX.Element {
  const texts = t.value.giveBack;
  const [outcome, setOutcome] = useState("");
  const [instruction, setInstruction] = useState("");
  return (
    <DeedForm
      title={texts.title}
      submit={texts.submit}
      onClose={onClose}
      onSubmit={() => desk.act(row, "return", { outcome, instruction })}
    >
      <Field label={texts.outcome}>
        {(ids) => <textarea {...ids} rows={2} value={outcome} onInput={(event) => setOutcome(event.currentTarget.value)} />}
      </Field>
      <Field label={texts.instruction} hint={texts.instructionHint}>
        {(ids) => (
          <textarea {...ids} rows={2} value={instruction} onInput={(event) => setInstruction(event.currentTarget.value)} />
        )}
      </Field>
    </DeedForm>
  );
}

/** The value of a local date and time field, `ms` after now, at a full quarter. */
function localTime(ms: number): string {
  const quarter = 15 * 60_000;
  const at = new Date(Math.ceil((Date.now() + ms) / quarter) * quarter);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const HOUR_MS = 3_600_000;

export function CallBack({ row, onClose }: Props): JSX.Element {
  const texts = t.value.callback;
  const [phone, setPhone] = useState(row.callback?.phone ?? "+48 ");
  const [from, setFrom] = useState(localTime(HOUR_MS));
  const [to, setTo] = useState(localTime(3 * HOUR_MS));
  const [error, setError] = useState<string | null>(null);
  const submit = async (): Promise<boolean> => {
    if (from >= to) {
      setError(texts.order);
      return false;
    }
    const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    return desk.act(row, "callback", { phone: phone.replace(/[^\d+]/g, ""), ...window });
  };
  return (
    <DeedForm title={texts.title} submit={texts.submit} onClose={onClose} onSubmit={submit}>
      <Field label={texts.phone} hint={texts.phoneHint}>
        {(ids) => (
          <input {...ids} type="tel" required value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />
        )}
      </Field>
      <div class="side-by-side">
        <Field label={texts.from}>
          {(ids) => (
            <input {...ids} type="datetime-local" required value={from} onInput={(event) => setFrom(event.currentTarget.value)} />
          )}
        </Field>
        <Field label={texts.to} error={error}>
          {(ids) => (
            <input {...ids} type="datetime-local" required value={to} onInput={(event) => setTo(event.currentTarget.value)} />
          )}
        </Field>
      </div>
    </DeedForm>
  );
}

interface ReassignProps extends Props {
  onDone: (agentId: string | null) => Promise<boolean>;
}

/** A supervisor gives the case to somebody, or back to its line. */
export function Reassign({ row, onClose, onDone }: ReassignProps): JSX.Element {
  const texts = t.value;
  const others = useOthers();
  const [person, setPerson] = useState("");
  const [back, setBack] = useState(false);
  return (
    <DeedForm
      title={`${texts.deeds.reassign}: ${row.number}`}
      submit={texts.deeds.reassign}
      onClose={onClose}
      onSubmit={() => onDone(back ? null : person)}
    >
      <fieldset>
        <legend>{texts.transfer.to}</legend>
        <label class="check">
          <input type="radio" name="to" checked={!back} onChange={() => setBack(false)} />
          {texts.transfer.toPerson}
        </label>
        <label class="check">
          <input type="radio" name="to" checked={back} onChange={() => setBack(true)} />
          {texts.transfer.toSkill}
        </label>
      </fieldset>
      {!back && (
        <Field label={texts.transfer.person} hint={others.length ? undefined : texts.transfer.nobody}>
          {(ids) => <AgentSelect ids={ids} agents={others} value={person} onChange={setPerson} />}
        </Field>
      )}
    </DeedForm>
  );
}
