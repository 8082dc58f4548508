/** The log-in page. */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { desk } from "../app";
import { Problem } from "../api";
import { Field } from "../ui/basics";
import { LanguageSwitch } from "../ui/switches";
import { language, t } from "../i18n";

const CODES = ["bad_login", "too_many", "offline"] as const;

/** The words for a refused log-in. */
function refusal(error: unknown): string {
  const errors = t.value.login.errors;
  if (!(error instanceof Problem)) return errors.other;
  const code = CODES.find((one) => one === error.code);
  if (code) return errors[code];
  if (error.status === 401) return errors.bad_login;
  return error.status === 429 ? errors.too_many : errors.other;
}

/** Why the company's log-in sent us back, when it did. */
function cameBack(): string | null {
  return new URLSearchParams(location.search).has("login") ? t.value.login.errors.oidc : null;
}

export function Login(): JSX.Element {
  const texts = t.value.login;
  const [error, setError] = useState<string | null>(() => cameBack());
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const login = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await desk.session.logIn(login.current?.value.trim() ?? "", password.current?.value ?? "", language());
    } catch (refused) {
      setError(refusal(refused));
      password.current?.focus();
      password.current?.select();
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="login">
      <form class="login-box" method="post" onSubmit={(event) => void submit(event)}>
        <p class="brand">{t.value.product}</p>
        <h1>{texts.title}</h1>
        <Field label={texts.login}>
          {(ids) => <input {...ids} ref={login} name="username" autocomplete="username" required autofocus spellcheck={false} />}
        </Field>
        <Field label={texts.password} error={error}>
          {(ids) => (
            <input
              {...ids}
              ref={password}
              name="password"
              {...(shown ? { type: "text" as const } : { type: "password" as const })}
              autocomplete="current-password"
              required
            />
          )}
        </Field>
        <label class="check">
          <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
          {texts.show}
        </label>
        <button class="primary" type="submit" aria-disabled={busy}>
          {texts.submit}
        </button>
        {desk.session.oidc.value && (
          <a class="button" href="/api/v1/oidc/start">
            {texts.oidc}
          </a>
        )}
        <div role="alert" class="unseen">
          {error}
        </div>
        <LanguageSwitch />
      </form>
    </main>
  );
}
