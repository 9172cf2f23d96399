// Signing in with e-mail and password, for staff.
import { type FormEvent, type ReactNode, useState } from "react";
import type { Tokens } from "../api/session";
import { useWords } from "../i18n/words";
import { Button, Failure, Field, LanguageChoice } from "./controls";

interface SignInProps {
  title: string;
  hint?: ReactNode;
  signIn: (email: string, password: string) => Promise<Tokens>;
  onSignedIn: (tokens: Tokens) => void;
}

export function SignIn({ title, hint, signIn, onSignedIn }: SignInProps) {
  const t = useWords();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      onSignedIn(await signIn(email, password));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <form className="card stack" onSubmit={(event) => void send(event)}>
        <Brand />
        <h1>{title}</h1>
        {hint && <p className="soft">{hint}</p>}
        <Field label={t("field.email")} type="email" autoComplete="username" required value={email} onChange={(e) => setEmail(e.target.value)} />
        <Field label={t("field.password")} type="password" autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.target.value)} />
        <Failure error={error} />
        <Button type="submit" kind="primary" size="big" busy={busy}>
          {t("do.sign_in")}
        </Button>
        <LanguageChoice />
      </form>
    </main>
  );
}

export function Brand() {
  return (
    <span className="brand">
      <svg width="26" height="26" viewBox="0 0 64 64" aria-hidden="true">
        <rect width="64" height="64" rx="14" fill="var(--accent)" />
        <path d="M18 46V18h28M18 32h14" fill="none" stroke="var(--accent-ink)" strokeWidth="7" strokeLinecap="round" strokeLinejoin="round" />
        <path d="m34 42 6 6 11-13" fill="none" stroke="var(--accent-ink)" strokeWidth="6" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      Firstfix
    </span>
  );
}
