// Where the link of an invitation leads: a name, a password, the terms, and the account is there.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { go } from "@firstfix/shared/router";
import { Button, Empty, Failure, Field, LanguageChoice, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { Brand } from "@firstfix/shared/ui/signin";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { join, lookAtInvitation } from "./api";
import { useTexts } from "./words";

type Invitation = Awaited<ReturnType<typeof lookAtInvitation>>;

/** The token stands behind #, so that no server writes it into a log. */
const tokenOfLink = (): string => new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "";

export function JoinPage() {
  const t = useTexts();
  const [token] = useState(tokenOfLink);
  const { data, error, refetch } = useQuery({ queryKey: ["join", token], queryFn: () => lookAtInvitation(token), enabled: token !== "", retry: false });
  const [joined, setJoined] = useState("");
  if (!token) return <Frame><Empty title={t("join.no_link")}>{t("join.no_link.more")}</Empty></Frame>;
  if (error) return <Frame><Failure error={error} onRetry={() => void refetch()} /></Frame>;
  if (!data) return <Frame><Skeleton lines={5} /></Frame>;
  if (joined) return <Frame><Over title={t("join.done")} more={t(data.invited_as === "provider_manager" ? "join.done.manager" : "join.done.more", { email: joined })} /></Frame>;
  if (data.status !== "invited") return <Frame><Over title={t("join.used")} more={t("join.used.more", { email: data.email })} /></Frame>;
  return <Frame><Form token={token} invitation={data} onJoined={setJoined} /></Frame>;
}

function Frame({ children }: { children: ReactNode }) {
  return (
    <main className="sign-in">
      <div className="card stack">
        <Brand />
        {children}
        <LanguageChoice />
      </div>
    </main>
  );
}

function Over({ title, more }: { title: string; more: string }) {
  const t = useTexts();
  return (
    <>
      <h1>{title}</h1>
      <p>{more}</p>
      <Button kind="primary" size="big" onClick={() => go("/profile", { replace: true })}>
        {t("sign_in.title")}
      </Button>
    </>
  );
}

interface FormProps {
  token: string;
  invitation: Invitation;
  onJoined: (email: string) => void;
}

function Form({ token, invitation, onJoined }: FormProps) {
  const t = useTexts();
  const { language } = useLocale();
  const { terms } = invitation;
  const [name, setName] = useState(invitation.name);
  const [password, setPassword] = useState("");
  const [agrees, setAgrees] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const done = await join({ token, name: name.trim(), password, terms_number: terms?.number ?? null, locale: language });
      onJoined(done.email);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <h1>{t("join.title", { name: invitation.name })}</h1>
      <p>{t(`join.as.${invitation.invited_as}`)}</p>
      <Field label={t("join.name")} autoComplete="name" required value={name} onChange={(e) => setName(e.target.value)} />
      <Field label={t("join.password")} type="password" autoComplete="new-password" required value={password} onChange={(e) => setPassword(e.target.value)} />
      {terms && (
        <>
          <Notice>
            <strong>{t("join.terms", { title: terms.title })}</strong>
            <div className="terms-text">{terms.text}</div>
          </Notice>
          <label className="row">
            <input type="checkbox" required checked={agrees} onChange={(e) => setAgrees(e.target.checked)} />
            {t("join.agree")}
          </label>
        </>
      )}
      <Failure error={error} />
      <Button type="submit" kind="primary" size="big" busy={busy}>
        {t("join.send")}
      </Button>
    </form>
  );
}
