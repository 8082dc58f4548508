/** The frame of the supervisor's page: log-in, head, parts by role. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { desk } from "../app";
import { prefs } from "../browser";
import { t } from "../i18n";
import type { Role } from "../types";
import { NoticesView } from "../ui/notices";
import { LanguageSwitch, ThemeSwitch } from "../ui/switches";
import { Login } from "../views/login";
import { Agents } from "./agents";
import { CannedEditor } from "./canned";
import { Cases } from "./cases";
import { LegalBoard } from "./legal";
import { Live } from "./live";
import { Proof } from "./proof";
import { Reports } from "./reports";
import { place, watchAddress } from "./route";
import type { PageName } from "./route";

/** What each role may see, first what it sees first. */
const PARTS: Record<Role, readonly Exclude<PageName, "case">[]> = {
  agent: [],
  editor: ["canned"],
  supervisor: ["live", "cases", "legal", "reports", "agents", "canned"],
  admin: ["live", "cases", "legal", "reports", "agents", "canned"],
};

export function WallShell(): JSX.Element {
  const entry = desk.session.entry.value;
  useEffect(watchAddress, []);
  useEffect(() => {
    document.title = `${t.value.wallTitle} · ${t.value.product}`;
  }, [t.value]);
  if (entry === "out") return <Login />;
  const agent = desk.session.agent.value;
  if (!agent) {
    return (
      <main class="login">
        <p role="status">{entry === "unknown" ? t.value.loading : t.value.login.unreachable}</p>
        {entry === "unreachable" && (
          <button type="button" onClick={() => void desk.session.load()}>
            {t.value.retry}
          </button>
        )}
      </main>
    );
  }
  return <WallPage key={prefs.language.value} role={agent.role} />;
}

function WallPage({ role }: { role: Role }): JSX.Element {
  const parts = PARTS[role];
  const wanted = place.value.page;
  const allowed = wanted === "case" ? parts.includes("cases") : parts.includes(wanted);
  const page = allowed ? wanted : parts[0];
  return (
    <div class="wall" id="wall">
      <nav class="skips" aria-label={t.value.skip.main}>
        <a
          href="#content"
          onClick={(event) => {
            event.preventDefault();
            document.getElementById("content")?.focus();
          }}
        >
          {t.value.skip.main}
        </a>
      </nav>
      <WallTop parts={parts} page={page} />
      <main id="content" tabIndex={-1}>
        {page ? <Part page={page} /> : <p class="empty">{t.value.wall.forbidden}</p>}
      </main>
      <NoticesView />
    </div>
  );
}

interface WallTopProps {
  parts: readonly Exclude<PageName, "case">[];
  page: PageName | undefined;
}

function WallTop({ parts, page }: WallTopProps): JSX.Element {
  const texts = t.value;
  return (
    <header class="wall-top">
      <p class="brand">
        {texts.product} <span class="soft">{texts.wallTitle}</span>
      </p>
      <nav class="wall-nav" aria-label={texts.wall.nav}>
        <ul>
          {parts.map((part) => (
            <li key={part}>
              <a href={`#/${part}`} aria-current={part === page ? "page" : undefined}>
                {texts.wall.pages[part]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="top-end">
        <a href="/">{texts.toDesk}</a>
        <ThemeSwitch />
        <LanguageSwitch />
        <span class="who">{desk.session.agent.value?.name}</span>
        <button
          type="button"
          class="plain"
          onClick={() => void desk.session.logOut().catch((error: unknown) => desk.tell(error))}
        >
          {texts.login.out}
        </button>
      </div>
    </header>
  );
}

function Part({ page }: { page: PageName }): JSX.Element {
  const { id } = place.value;
  if (page === "cases") return <Cases />;
  if (page === "legal") return <LegalBoard />;
  if (page === "reports") return <Reports chosen={id} />;
  if (page === "agents") return <Agents />;
  if (page === "canned") return <CannedEditor />;
  if (page === "case" && id) return <Proof key={id} caseId={id} />;
  return <Live />;
}
