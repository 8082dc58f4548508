/** Small parts used everywhere. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { clock, moment } from "../i18n/format";
import { language, t, word } from "../i18n";
import type { CaseRow } from "../types";
import { now } from "../clock";

/** Pictures of 16 × 16 on one path each; they carry no meaning of their own. */
const PATHS = {
  send: "M2 2.5 14 8 2 13.5l1.6-4.6L9 8 3.6 7.1z",
  close: "M4 3l4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
  file: "M4 1.5h5L12.5 5v9.5h-9v-13zM9 2.5V5.5h2.5",
  bell: "M8 1.5a4 4 0 0 0-4 4v3L2.5 11.5h11L12 8.5v-3a4 4 0 0 0-4-4zM6.5 12.5h3a1.5 1.5 0 0 1-3 0z",
  keys: "M1.5 4h13v8h-13zM3 6h1.5v1.2H3zm2.8 0h1.4v1.2H5.8zm2.8 0H10v1.2H8.6zm2.8 0h1.4v1.2h-1.4zM4.5 9h7v1.4h-7z",
  chat: "M2 2.5h12v8H7L4 13.5v-3H2z",
  voice: "M4 1.5l2.5.5.7 3L5.8 6.2a8 8 0 0 0 4 4L11 8.8l3 .7.5 2.5c-.4 1.6-2 2.5-3.5 2A13 13 0 0 1 2 5C1.500 3.500 2.400 1.900 4 1.500z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill-rule="evenodd" />
    </svg>
  );
}

/** A moment: short on the screen, whole in the title and for machines. */
export function Time({ at }: { at: string }): JSX.Element {
  const today = Math.floor(now.value / 60_000) * 60_000;
  return (
    <time dateTime={at} title={moment(language(), at)}>
      {clock(language(), at, today)}
    </time>
  );
}

export function Chip({ tone, children }: { tone: string; children: ComponentChildren }): JSX.Element {
  return <span class={`chip ${tone}`}>{children}</span>;
}

export function StateChip({ state }: { state: string }): JSX.Element {
  return <Chip tone={`state-${state}`}>{word(t.value.states, state)}</Chip>;
}

/** Whether the case's customer is on the phone: waiting in the PBX's queue, or talking. */
export function CallChip({ row }: { row: CaseRow }): JSX.Element | null {
  if (!row.call_id) return null;
  const texts = t.value.inbox;
  return (
    <Chip tone="call">
      <Icon name="voice" /> {row.state === "queued" ? texts.inPhoneQueue : texts.onThePhone}
    </Chip>
  );
}

export function Empty({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>;
}

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
}

/** A modal dialog: the browser keeps the focus inside and gives it back at the end. */
export function Dialog({ title, onClose, children, wide }: DialogProps): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    return () => {
      // Closed by Escape, the browser has given it back already, and it may have moved on.
      const lost = !document.activeElement || document.activeElement === document.body;
      if (lost && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog ref={box} class={wide ? "wide" : ""} aria-labelledby={id} onClose={onClose}>
      <header class="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="plain square" aria-label={t.value.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  children: (ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean }) => ComponentChildren;
}

/** A label, its field, a hint and an error, tied together. */
export function Field({ label, hint, error, children }: FieldProps): JSX.Element {
  const id = useId();
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": told || undefined, "aria-invalid": Boolean(error) })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { id: T; label: string; count?: number }[];
  chosen: T;
  onChoose: (id: T) => void;
  children: ComponentChildren;
}

/** Tabs with one stop for Tab and arrow keys between them (ARIA tabs pattern). */
export function Tabs<T extends string>({ label, tabs, chosen, onChoose, children }: TabsProps<T>): JSX.Element {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || event.altKey) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onChoose(next.id);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${base}-${next.id}`)}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`${base}-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab.id === chosen}
            aria-controls={`${base}-panel`}
            tabIndex={tab.id === chosen ? 0 : -1}
            onClick={() => onChoose(tab.id)}
          >
            {tab.label}
            {tab.count ? <span class="count">{tab.count}</span> : null}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${chosen}`}>
        {children}
      </div>
    </>
  );
}
