/** What can be done with the chosen case: the bar of buttons and their dialogs. */

import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { desk } from "../app";
import { t } from "../i18n";
import type { CaseRow } from "../types";
import { CallBack, GiveBack, Reassign, Transfer } from "./deed_dialogs";

export type DeedDialog = "transfer" | "return" | "callback" | "reassign";

/** The dialog that is open, and for which case. */
export const openDeed = signal<{ deed: DeedDialog; caseId: string } | null>(null);

interface Button {
  label: string;
  key?: string;
  primary?: boolean;
  run: () => void;
}

/** The buttons that make sense for a case in its state. */
function buttons(row: CaseRow): Button[] {
  const texts = t.value.deeds;
  const open = (deed: DeedDialog) => () => {
    openDeed.value = { deed, caseId: row.id };
  };
  const all: Button[] = [];
  if (desk.holds(row) && row.state !== "wrap_up") {
    const held = row.state === "on_hold";
    all.push({ label: held ? texts.resume : texts.hold, key: "Alt+H", primary: held, run: () => hold(row) });
    all.push({ label: texts.transfer, key: "Alt+T", run: open("transfer") });
    all.push({ label: texts.return, key: "Alt+B", run: open("return") });
    if (!held) all.push({ label: texts.callback, key: "Alt+R", run: open("callback") });
    all.push({ label: texts.wrap, key: "Alt+W", run: () => void desk.act(row, "wrap-up") });
  }
  if (row.state === "queued") all.push({ label: texts.claim, primary: true, run: () => void desk.act(row, "claim") });
  if (row.state === "closed" || row.state === "abandoned") {
    all.push({ label: texts.reopen, run: () => void desk.reopen(row) });
  }
  if (desk.session.supervises && !desk.holds(row) && MOVABLE.includes(row.state)) {
    all.push({ label: texts.reassign, run: open("reassign") });
  }
  return all;
}

const MOVABLE: readonly string[] = ["queued", "offered", "active", "on_hold"];

/** Hold, or resume what is held. */
export function hold(row: CaseRow): void {
  void desk.act(row, row.state === "on_hold" ? "resume" : "hold");
}

export function DeedBar({ row }: { row: CaseRow }): JSX.Element {
  return (
    <div class="deeds" role="group" aria-label={t.value.deeds.label}>
      {buttons(row).map((button) => (
        <button
          key={button.label}
          type="button"
          class={button.primary ? "primary" : ""}
          aria-keyshortcuts={button.key}
          title={button.key}
          onClick={button.run}
        >
          {button.label}
        </button>
      ))}
    </div>
  );
}

export function DeedDialogs(): JSX.Element | null {
  const open = openDeed.value;
  const row = open ? desk.rows.value.get(open.caseId) : undefined;
  if (!open || !row) return null;
  const close = (): void => {
    openDeed.value = null;
  };
  if (open.deed === "transfer") return <Transfer row={row} onClose={close} />;
  if (open.deed === "return") return <GiveBack row={row} onClose={close} />;
  if (open.deed === "callback") return <CallBack row={row} onClose={close} />;
  return <Reassign row={row} onClose={close} onDone={(agentId) => desk.reassign(row, agentId)} />;
}
