/** The board of statutory deadlines: the nearest first, with its owner. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, desk } from "../app";
import { t } from "../i18n";
import type { LegalItem } from "../types";
import { Empty } from "../ui/basics";
import { CaseTable } from "./cases";

export function LegalBoard(): JSX.Element {
  const [items, setItems] = useState<LegalItem[] | null>(null);
  const load = async (): Promise<void> => {
    try {
      const answer = await api.get<{ items: LegalItem[] }>("/legal/board");
      setItems([...answer.items].sort((a, b) => a.due.localeCompare(b.due)));
    } catch (error) {
      desk.tell(error);
      setItems([]);
    }
  };
  useEffect(() => void load(), []);
  const title = t.value.wall.pages.legal;
  return (
    <>
      <div class="page-head">
        <h1>{title}</h1>
      </div>
      {!items && <Empty>{t.value.loading}</Empty>}
      {items && <CaseTable legal title={title} rows={items.map((item) => item.case)} onChanged={() => void load()} />}
    </>
  );
}
