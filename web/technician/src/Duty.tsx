// On-call duty: a call-out to answer, when duty is, swaps asked, and rest that is due.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { Link } from "@firstfix/shared/router";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { Countdown } from "@firstfix/shared/ui/countdown";
import { useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { answerCallOut, answerSwap, fetchOnCall, queries } from "./api";
import { useShared } from "./state";
import { type TextKey, useTexts } from "./words";

function useOnCall() {
  return useQuery({ queryKey: ["on_call"], queryFn: fetchOnCall, refetchInterval: 30_000 });
}

export function DutyPage() {
  const t = useTexts();
  const { locale } = useLocale();
  const { day } = useShared();
  const { data, error, refetch } = useOnCall();
  const told = (at: string): string => dayAndTime(at, { locale, zone: day?.value.time_zone });
  const isEmpty = data && data.duties.length + data.call_outs.length + data.swaps.length + data.rests.length === 0;
  return (
    <div className="stack page">
      <Link to="/" className="row back">
        <Icon name="back" />
        {t("today")}
      </Link>
      <h1>{t("on_call")}</h1>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={5} />)}
      {isEmpty && <Empty title={t("on_call.none")}>{t("on_call.none.more")}</Empty>}
      {data?.call_outs.map((call) => (
        <Asked key={call.id} title="call_out" done="call_out.going" answer={(accepted) => answerCallOut(call.id, accepted)}>
          <p>{t("call_out.hint")}</p>
          <p className="row">
            {t("call_out.until")} <Countdown until={call.accept_by} />
          </p>
        </Asked>
      ))}
      {data?.rests.map((rest) => (
        <Notice key={rest.starts_at}>
          <strong>{t("rest")}</strong>
          <span>{t("rest.until", { at: told(rest.ends_at) })}</span>
        </Notice>
      ))}
      {data?.swaps.map((swap) => (
        <Asked key={swap.id} title="swap" done="swap.taken" answer={(accepted) => answerSwap(swap.id, accepted)}>
          <p>{t("duty.span", { from: told(swap.starts_at), until: told(swap.ends_at) })}</p>
          {swap.reason && <p className="soft">{swap.reason}</p>}
        </Asked>
      ))}
      {data?.duties.map((duty) => (
        <section key={duty.starts_at + duty.rota_id} className="card stack tight">
          <div className="row spread">
            <strong>{duty.rota_name}</strong>
            {duty.is_change && <Badge tone="accent">{t("on_call.changed")}</Badge>}
          </div>
          <span>{t("duty.span", { from: told(duty.starts_at), until: told(duty.ends_at) })}</span>
        </section>
      ))}
    </div>
  );
}

interface AskedProps {
  title: TextKey;
  done: TextKey;
  answer: (accepted: boolean) => Promise<unknown>;
  children: ReactNode;
}

/** Something to say yes or no to. */
function Asked({ title, done, answer, children }: AskedProps) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const say = (accepted: boolean): void => {
    setBusy(true);
    answer(accepted)
      .then(() => tell(t(accepted ? done : "asked.declined")))
      .catch((error: unknown) => tell(failureWords(w, error)))
      .finally(() => {
        setBusy(false);
        for (const key of ["on_call", "day"]) void queries.invalidateQueries({ queryKey: [key] });
      });
  };
  return (
    <section className="card stack">
      <h2>{t(title)}</h2>
      {children}
      <Button kind="primary" size="big" busy={busy} onClick={() => say(true)}>
        {t(`${title}.yes` as TextKey)}
      </Button>
      <Button busy={busy} onClick={() => say(false)}>{t("asked.no")}</Button>
    </section>
  );
}

/** On the first page: a call-out waits for an answer, or rest is due. */
export function DutyTeaser() {
  const t = useTexts();
  const { data } = useOnCall();
  const waiting = (data?.call_outs.length ?? 0) + (data?.swaps.length ?? 0);
  if (waiting === 0 && !data?.rests.length) return null;
  return (
    <Link to="/on-call" className="card teaser row spread">
      <strong>{t(waiting ? "on_call.waiting" : "rest")}</strong>
      <Icon name="forward" />
    </Link>
  );
}
