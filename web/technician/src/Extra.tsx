// Beside the agreed pay: expenses with a receipt, more pay with its reason, and less pay that the office asks for.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { payoutKindWord, useWords } from "@firstfix/shared/i18n/words";
import { dayName, money } from "@firstfix/shared/time";
import { Badge, Button, Choice, Field, LongText, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { agreeToLess, askForExtra, handIn, queries, refuseLess } from "./api";
import { base64Of, Paper } from "./papers";
import type { Payout, PayChange } from "./types";
import { useTexts } from "./words";

const KINDS = ["expense", "adjustment"] as const;
const refresh = (): void => void queries.invalidateQueries({ queryKey: ["earnings"] });

export function Extra({ changes, payouts }: { changes: PayChange[]; payouts: Payout[] }) {
  const t = useTexts();
  const [isAsking, setAsking] = useState(false);
  return (
    <section className="card stack">
      <span className="row spread">
        <h2>{t("extra")}</h2>
        <Button kind="quiet" onClick={() => setAsking(true)}>
          {t("extra.ask")}
        </Button>
      </span>
      {changes.length === 0 && <p className="soft">{t("extra.none")}</p>}
      {changes.map((one) => (
        <Change key={one.id} change={one} />
      ))}
      {isAsking && <Ask payouts={payouts} onClose={() => setAsking(false)} />}
    </section>
  );
}

function Change({ change }: { change: PayChange }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const { busy, act } = useDo(refresh);
  const [isRefusing, setRefusing] = useState(false);
  const isMine = change.status === "asked" && change.side === "office" && change.amount_cents < 0;
  return (
    <div className="stack tight">
      <span className="row spread">
        <strong>{money(change.amount_cents, change.currency, locale)}</strong>
        <Badge tone={change.status === "approved" ? "ok" : change.status === "refused" ? "warn" : "neutral"}>{t(`extra.${change.status}`)}</Badge>
      </span>
      <span>
        {payoutKindWord(w, change.kind)}: {change.reason}
      </span>
      {change.answer && <Notice>{change.answer}</Notice>}
      {isMine && (
        <>
          <span className="soft small">{t("extra.less")}</span>
          <span className="row wrap">
            <Button busy={busy} onClick={() => setRefusing(true)}>
              {t("extra.refuse")}
            </Button>
            <Button kind="primary" busy={busy} onClick={() => act(() => agreeToLess(change.id), t("extra.agreed"))}>
              {t("extra.agree")}
            </Button>
          </span>
        </>
      )}
      {isRefusing && <Refuse change={change} onClose={() => setRefusing(false)} />}
    </div>
  );
}

function Refuse({ change, onClose }: { change: PayChange; onClose: () => void }) {
  const t = useTexts();
  const [reason, setReason] = useState("");
  return (
    <FormDialog title={t("extra.refuse")} submit={t("extra.refuse")} disabled={reason.trim().length < 3} onClose={onClose} onSubmit={() => refuseLess(change.id, reason.trim()).then(refresh)}>
      <LongText label={t("review.reason")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}

function Ask({ payouts, onClose }: { payouts: Payout[]; onClose: () => void }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const { locale } = useLocale();
  const jobs = payouts.filter((one) => one.visit_id && (one.kind === "pay" || one.kind === "call_out"));
  const [kind, setKind] = useState<(typeof KINDS)[number]>("expense");
  const [job, setJob] = useState(jobs[0]?.visit_id ?? "");
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState("");
  const [paper, setPaper] = useState<File | null>(null);
  const isExpense = kind === "expense";
  const send = async (): Promise<void> => {
    const document_id = isExpense && paper ? (await handIn(paper.name, await base64Of(paper))).id : null;
    await askForExtra({ kind, amount_cents: Math.round(Number(amount) * 100), reason: reason.trim(), visit_id: job || null, document_id });
    tell(t("extra.sent"));
    refresh();
  };
  return (
    <FormDialog title={t("extra.ask")} submit={t("review.send")} disabled={reason.trim().length < 3 || (isExpense && !paper)} onClose={onClose} onSubmit={send}>
      <Choice label={t("extra.kind")} value={kind} onChange={(value) => setKind(value as typeof kind)} options={KINDS.map((one) => [one, t(`extra.kind.${one}`)])} />
      <Choice
        label={t("extra.job")}
        value={job}
        onChange={setJob}
        options={[["", t("extra.job.none")], ...jobs.map((one) => [one.visit_id!, `${payoutKindWord(w, one.kind)} · ${dayName(one.created_at, { locale })} · ${money(one.amount_cents, one.currency, locale)}`] as const)]}
      />
      <Field label={t("extra.amount")} type="number" min={0.01} max={100_000} step={0.01} required value={amount} onChange={(e) => setAmount(e.target.value)} />
      <LongText label={t("extra.reason")} value={reason} onChange={setReason} required />
      {isExpense && <Paper onChosen={setPaper} />}
    </FormDialog>
  );
}
