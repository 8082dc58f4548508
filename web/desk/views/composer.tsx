/** Where an answer is written: draft, canned answers by `/`, suggestions, send. */

import type { JSX, TargetedInputEvent } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { api, desk } from "../app";
import { t } from "../i18n";
import type { Canned, CaseRow, Suggestion } from "../types";
import { Icon } from "../ui/basics";
import { caretAt, filled, insertText, place, setSuggested, suggested } from "./composer_state";
import { matching, placesLeft, slashWord } from "./slash";

const known = new Map<string, Promise<Canned[]>>();

/** The canned answers of a language, asked for once a page; again after a failure. */
function cannedAnswers(language: string): Promise<Canned[]> {
  let asked = known.get(language);
  if (!asked) {
    asked = api.get<{ items: Canned[] }>("/canned", { language }).then(({ items }) => items);
    asked.catch(() => known.delete(language));
    known.set(language, asked);
  }
  return asked;
}

interface Slash {
  from: number;
  word: string;
  items: Canned[];
  at: number;
}

interface SlashList {
  slash: Slash | null;
  look: (text: string, caret: number) => void;
  close: () => void;
  pick: (canned: Canned) => void;
  /** True when the list took the key. */
  onKey: (event: KeyboardEvent) => boolean;
}

/** The list of canned answers that opens at `/`. */
function useSlash(row: CaseRow): SlashList {
  const [slash, setSlash] = useState<Slash | null>(null);
  const [put, setPut] = useState<number | null>(null);
  const look = (text: string, caret: number): void => {
    const typed = slashWord(text, caret);
    if (!typed) setPut(null);
    if (!typed || typed.from === put) return setSlash(null);
    cannedAnswers(row.language)
      .then((all) => setSlash({ ...typed, items: matching(all, typed.word), at: 0 }))
      .catch((error: unknown) => desk.tell(error));
  };
  const pick = (canned: Canned): void => {
    if (!slash) return;
    const text = desk.drafts.of(row.id);
    const said = filled(canned.text, desk.cards.value.get(row.id));
    const rest = text.slice(slash.from + 1 + slash.word.length);
    place(row.id, text.slice(0, slash.from) + said + rest, slash.from, slash.from + said.length);
    setSlash(null);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (!slash) return false;
    const { items, at } = slash;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = items[at];
    if (step && items.length) setSlash({ ...slash, at: (at + step + items.length) % items.length });
    else if ((event.key === "Enter" || event.key === "Tab") && chosen && !event.shiftKey) pick(chosen);
    else if (event.key === "Escape") {
      setPut(slash.from);
      setSlash(null);
    } else return false;
    event.preventDefault();
    return true;
  };
  return { slash, look, pick, onKey, close: () => setSlash(null) };
}

export function Composer({ row }: { row: CaseRow }): JSX.Element {
  const texts = t.value.talk;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useSlash(row);
  const text = desk.drafts.of(row.id);
  const open = placesLeft(text);
  const caret = caretAt.value;
  useLayoutEffect(() => {
    if (!caret || caret.caseId !== row.id) return;
    caretAt.value = null;
    field.current?.focus();
    field.current?.setSelectionRange(caret.from, caret.to);
  }, [caret]);
  const [warned, setWarned] = useState<string | null>(null);
  const send = (): void => {
    const said = desk.drafts.of(row.id).trim();
    if (!said) return;
    if (placesLeft(said).length && warned !== said) {
      // Places that nobody filled in are shown once more; the second press sends them as they are.
      setWarned(said);
      place(row.id, said, 0);
      return;
    }
    desk.drafts.clear(row.id);
    setSuggested(row.id, false);
    list.close();
    void desk.talks.say(desk.rows.value.get(row.id) ?? row, said);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (list.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
  const onInput = (event: TargetedInputEvent<HTMLTextAreaElement>): void => {
    const { value, selectionStart } = event.currentTarget;
    desk.drafts.set(row.id, value);
    setSuggested(row.id, false);
    if (value) desk.talks.agentTypes(row.id);
    else desk.talks.agentStops(row.id);
    list.look(value, selectionStart);
  };
  const active = list.slash?.items[list.slash.at];
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Suggestions row={row} />
      {list.slash && <SlashView list={list} id={id} slash={list.slash} />}
      {suggested.value.has(row.id) && <p class="hint">{texts.fromSuggestion}</p>}
      {open.length > 0 && (
        <p class={warned === text.trim() ? "error" : "hint"} role="status">
          {texts.placesLeft(open.join(", "))}
        </p>
      )}
      <div class="composer-row">
        <label class="unseen" for="message">
          {texts.message}
        </label>
        <textarea
          ref={field}
          id="message"
          rows={2}
          lang={row.language}
          placeholder={texts.placeholder}
          value={text}
          aria-autocomplete="list"
          aria-controls={list.slash ? `${id}-list` : undefined}
          aria-activedescendant={active ? `${id}-${active.id}` : undefined}
          onInput={onInput}
          onKeyDown={onKeyDown}
          onBlur={() => {
            list.close();
            desk.talks.agentStops(row.id);
          }}
        />
        <button type="submit" class="primary send" disabled={!text.trim()}>
          <Icon name="send" />
          {texts.send}
        </button>
      </div>
    </form>
  );
}

function SlashView({ list, slash, id }: { list: SlashList; slash: Slash; id: string }): JSX.Element {
  const texts = t.value.talk;
  const count = slash.items.length;
  return (
    <div class="slash">
      <p class="unseen" role="status">
        {count ? texts.cannedCount(count) : texts.cannedNone}
      </p>
      {!count && <p class="empty">{texts.cannedNone}</p>}
      <ul role="listbox" id={`${id}-list`} aria-label={texts.canned}>
        {slash.items.map((canned, index) => (
          <li
            key={canned.id}
            id={`${id}-${canned.id}`}
            role="option"
            aria-selected={index === slash.at}
            onMouseDown={(event) => {
              event.preventDefault();
              list.pick(canned);
            }}
          >
            <span class="slash-name">/{canned.shortcut}</span> <strong>{canned.title}</strong>{" "}
            <span class="soft one-line">{canned.text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const SUGGEST_AFTER_MS = 400;

/** Answers that might fit what the customer said last; always marked as what they are. */
function Suggestions({ row }: { row: CaseRow }): JSX.Element | null {
  const [items, setItems] = useState<Suggestion[]>([]);
  const lastSaid = desk.talks.of(row.id).turns.findLast((turn) => turn.author === "customer")?.seq ?? 0;
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<void> => {
      try {
        const answer = await api.get<{ items: Suggestion[] }>(`/cases/${row.id}/suggestions`);
        if (current) setItems(answer.items.slice(0, 3));
      } catch {
        if (current) setItems([]); // A help, not a need: nothing is said about it.
      }
    };
    const timer = setTimeout(() => void ask(), SUGGEST_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [row.id, lastSaid]);
  if (!items.length) return null;
  return (
    <div class="suggestions" role="group" aria-labelledby="suggestions-title">
      <p id="suggestions-title" class="soft">
        {t.value.talk.suggestions}
      </p>
      <ul>
        {items.map((item) => (
          <li key={`${item.source} ${item.id}`}>
            <button
              type="button"
              title={item.text}
              onClick={() => insertText(row.id, filled(item.text, desk.cards.value.get(row.id)), true)}
            >
              {item.title}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
