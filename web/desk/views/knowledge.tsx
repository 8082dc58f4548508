/** Search in the articles that the bot answers from, too. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, desk } from "../app";
import { t } from "../i18n";
import type { Article } from "../types";
import { Empty } from "../ui/basics";
import { insertText } from "./composer_state";

export function Knowledge({ caseId }: { caseId: string }): JSX.Element {
  const texts = t.value.knowledge;
  const [found, setFound] = useState<Article[] | null>(null);
  const row = desk.rows.value.get(caseId);
  const search = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const q = String(new FormData(event.currentTarget as HTMLFormElement).get("q") ?? "").trim();
    if (!q) return;
    try {
      const { items } = await api.get<{ items: Article[] }>("/knowledge", { q, language: row?.language ?? "pl" });
      setFound(items);
    } catch (error) {
      desk.tell(error);
    }
  };
  return (
    <div class="knowledge">
      <form role="search" class="search" onSubmit={(event) => void search(event)}>
        <label class="unseen" for="knowledge-search">
          {texts.label}
        </label>
        <input id="knowledge-search" type="search" name="q" placeholder={texts.label} />
        <button type="submit">{texts.submit}</button>
      </form>
      <p class="unseen" role="status">
        {found && texts.found(found.length)}
      </p>
      {!found && <Empty>{texts.hint}</Empty>}
      {found?.length === 0 && <Empty>{texts.none}</Empty>}
      <ul class="articles">
        {found?.map((article) => (
          <li key={article.id} lang={article.language}>
            <h3>{article.title}</h3>
            <p class="article-text">{article.text}</p>
            {row && desk.holds(row) && (
              <button type="button" lang={document.documentElement.lang} onClick={() => insertText(caseId, article.text, true)}>
                {texts.insert}
                <span class="unseen">: {article.title}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
