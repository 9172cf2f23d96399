// Repairs that wait for a person, and drafts of what could be.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { dayAndTime } from "@firstfix/shared/time";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { Badge, Button, Empty, Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { type ReactNode, useState } from "react";
import type { Board } from "../state";
import type { Plan } from "../types";
import { type TextKey, useTexts } from "../words";
import { Decide } from "./Decide";
import { NewDraft } from "./NewDraft";
import { leavePlan, RUNNING, showPlan, useDifference, usePlans } from "./state";
import { useTitle } from "./words";

export function PlansPanel({ board }: { board: Board }) {
  const t = useTexts();
  const w = useWords();
  const { query } = usePlace();
  const id = query.get("plan");
  const close = (): void => (leavePlan(), setQuery({ panel: null }));
  return (
    <aside className="panel" aria-label={t("plans")}>
      <div className="row spread panel-head">
        <strong className="soft">{t("plans")}</strong>
        <Button kind="quiet" size="icon" aria-label={w("do.close")} onClick={close}>
          <Icon name="close" />
        </Button>
      </div>
      {id ? <Decide key={id} id={id} board={board} /> : <Queue board={board} />}
    </aside>
  );
}

const LATELY = 5;

function Queue({ board }: { board: Board }) {
  const t = useTexts();
  const [isAsking, setAsking] = useState(false);
  const { data, error, refetch } = usePlans(board.territory.id);
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={6} />;
  const running = data.newest.filter((plan) => plan.kind === "draft" && RUNNING.includes(plan.status));
  const lately = data.newest.filter((plan) => plan.kind !== "plan" && !RUNNING.includes(plan.status)).slice(0, LATELY);
  const repairs = data.waiting.filter((plan) => plan.kind === "repair");
  const drafts = [...running, ...data.waiting.filter((plan) => plan.kind === "draft")];
  return (
    <div className="stack">
      <Section title="plans.repairs" count={repairs.length}>
        {repairs.map((plan) => <Waiting key={plan.id} plan={plan} zone={board.zone} />)}
        {repairs.length === 0 && <Empty title={t("plans.repairs.none")}>{t("plans.repairs.none.more")}</Empty>}
      </Section>
      <Section title="plans.drafts" count={drafts.length}>
        {drafts.map((plan) => <Waiting key={plan.id} plan={plan} zone={board.zone} />)}
        {drafts.length === 0 && <Empty title={t("plans.drafts.none")}>{t("plans.drafts.none.more")}</Empty>}
        <Button kind="primary" onClick={() => setAsking(true)}>
          {t("plans.new")}
        </Button>
      </Section>
      {lately.length > 0 && (
        <Section title="plans.lately">
          {lately.map((plan) => <Waiting key={plan.id} plan={plan} zone={board.zone} />)}
        </Section>
      )}
      {isAsking && <NewDraft board={board} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Section({ title, count, children }: { title: TextKey; count?: number; children: ReactNode }) {
  const t = useTexts();
  return (
    <section className="stack">
      <h2>
        {t(title)} {count !== undefined && <span className="count">{count}</span>}
      </h2>
      {children}
    </section>
  );
}

function Waiting({ plan, zone }: { plan: Plan; zone: string }) {
  const t = useTexts();
  const title = useTitle();
  const { locale } = useLocale();
  const isDrafted = plan.status === "drafted";
  const { data } = useDifference(isDrafted ? plan.id : null);
  const broken = data?.difference?.promises_broken ?? 0;
  return (
    <button type="button" className="pick" onClick={() => showPlan(plan.id)}>
      <strong>{title(plan)}</strong>
      <span className="soft small">{dayAndTime(plan.created_at, { locale, zone })}</span>
      <span className="row wrap small">
        {!isDrafted && <Badge>{t(`plan.short.${plan.status}` as TextKey)}</Badge>}
        {data?.difference && <Badge>{t("plans.changes", { count: data.difference.changes.length })}</Badge>}
        {broken > 0 && <Badge tone="warn">{t("plans.breaks", { count: broken })}</Badge>}
      </span>
    </button>
  );
}

/** The way to it from the header, with how many wait. */
export function PlansButton({ territoryId }: { territoryId: string }) {
  const t = useTexts();
  const { data } = usePlans(territoryId);
  const repairs = data?.waiting.filter((plan) => plan.kind === "repair").length ?? 0;
  const count = data?.waiting.length ?? 0;
  return (
    <Button onClick={() => setQuery({ panel: "plans", visit: null, page: null })}>
      {t("plans.open")}
      {count > 0 && (
        <span className="count" data-worry={repairs > 0 || undefined}>
          {count}
          <span className="visually-hidden"> {t("plans.waiting", { count })}</span>
        </span>
      )}
    </Button>
  );
}
