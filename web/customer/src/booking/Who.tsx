// Proving who one is with a code, without a password.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Button, Failure, Field } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { type FormEvent, useState } from "react";
import { forgetPerson, sendCode, session, verifyCode } from "../api";
import { useTexts } from "../words";
import { type Step, StepHead } from "./steps";

export function WhoStep({ steps = [], onDone }: { steps?: Step[]; onDone: () => void }) {
  const t = useTexts();
  const { language } = useLocale();
  const [address, setAddress] = useState("");
  const [isSent, setSent] = useState(false);
  const { busy, error, attempt } = useAttempt();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void attempt(async () => {
      await sendCode(address.trim(), language);
      setSent(true);
    });
  };
  const head = <StepHead name="who" steps={steps} />;
  if (isSent) return <CodeForm head={head} address={address.trim()} onBack={() => setSent(false)} onDone={onDone} />;
  return (
    <form className="stack wide" onSubmit={send}>
      {head}
      <p className="soft">{t("who.lead")}</p>
      <Field label={t("who.address")} autoComplete="email" required value={address} onChange={(e) => setAddress(e.target.value)} />
      <Failure error={error} />
      <Button type="submit" kind="primary" size="big" busy={busy} disabled={!address.trim()}>
        {t("who.send")}
      </Button>
    </form>
  );
}

interface CodeFormProps {
  head: React.ReactNode;
  address: string;
  onBack: () => void;
  onDone: () => void;
}

function CodeForm({ head, address, onBack, onDone }: CodeFormProps) {
  const t = useTexts();
  const tell = useTell();
  const { language } = useLocale();
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const { busy, error, attempt } = useAttempt();
  const verify = (event: FormEvent): void => {
    event.preventDefault();
    void attempt(async () => {
      const tokens = await verifyCode(address, code.trim(), name.trim(), language);
      forgetPerson();
      session.open(tokens);
      onDone();
    });
  };
  return (
    <form className="stack wide" onSubmit={verify}>
      {head}
      <Field
        label={t("who.code")}
        hint={t("who.code.hint", { address })}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        required
        className="input code-input"
        value={code}
        onChange={(e) => setCode(e.target.value)}
      />
      <Field label={t("who.name")} autoComplete="name" value={name} onChange={(e) => setName(e.target.value)} />
      <Failure error={error} />
      <Button type="submit" kind="primary" size="big" busy={busy} disabled={!code.trim()}>
        {t("who.verify")}
      </Button>
      <div className="row wrap">
        <Button kind="quiet" onClick={() => void attempt(() => sendCode(address, language)).then(() => tell(t("who.resent")))}>
          {t("who.resend")}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          {t("who.again")}
        </Button>
      </div>
    </form>
  );
}

export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, attempt };
}
