// One plan that waits: what it would change, and the decision.
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { setQuery } from "@firstfix/shared/router";
import { Button, Failure, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { useState } from "react";
import { applyPlan, dropPlan, queries, refreshBoard } from "../api";
import type { Board } from "../state";
import type { PlanDifference } from "../types";
import { maybe, type TextKey, useTexts } from "../words";
import { Difference, numbers } from "./Difference";
import { previewOf } from "./preview";
import { leavePlan, RUNNING, showPlan, useDifference } from "./state";
import { useTitle } from "./words";

export function Decide({ id, board }: { id: string; board: Board }) {
  const t = useTexts();
  const title = useTitle();
  const { data: plan, error, refetch } = useDifference(id);
  return (
    <div className="stack">
      <div>
        <Button kind="quiet" onClick={() => showPlan(null)}>
          <Icon name="back" size={18} />
          {t("plans.back")}
        </Button>
      </div>
      {!plan && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />)}
      {plan && (
        <>
          <h2>{title(plan)}</h2>
          {plan.about.length > 0 && <p className="soft small">{t("plans.about", { numbers: numbers(plan, plan.about) })}</p>}
          {plan.status === "drafted" ? <Choice plan={plan} /> : <State plan={plan} />}
          <Difference plan={plan} board={board} preview={plan.status === "drafted" ? previewOf(board, plan) : null} />
        </>
      )}
    </div>
  );
}

function Choice({ plan }: { plan: PlanDifference }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const broken = plan.difference?.promises_broken ?? 0;
  const apply = async (): Promise<void> => {
    await applyPlan(plan.plan_id);
    tell(t("plans.applying"));
    refreshBoard();
  };
  const run = (work: () => Promise<unknown>): void => {
    setBusy(true);
    void work()
      .catch((error: unknown) => (tell(failureWords(w, error)), refreshBoard()))
      .finally(() => setBusy(false));
  };
  const drop = async (): Promise<void> => {
    await dropPlan(plan.plan_id);
    tell(t("plans.dropped"));
    leavePlan();
    void queries.invalidateQueries({ queryKey: ["plan"] });
  };
  return (
    <>
      <div className="row wrap">
        <Button kind="primary" busy={busy} onClick={() => (broken > 0 ? setAsking(true) : run(apply))}>
          {t(plan.kind === "repair" ? "plans.approve" : "plans.apply")}
        </Button>
        <Button busy={busy} onClick={() => run(drop)}>
          {t(plan.kind === "repair" ? "plans.reject" : "plans.drop")}
        </Button>
        <Button className="narrow-only" onClick={() => setQuery({ panel: null })}>
          {t("plans.on_board")}
        </Button>
      </div>
      {asking && (
        <FormDialog title={t("plans.sure", { count: broken })} submit={t("plans.anyway")} tone="danger" onClose={() => setAsking(false)} onSubmit={apply}>
          <Broken plan={plan} />
          <p className="small">{t("plans.sure.hint")}</p>
        </FormDialog>
      )}
    </>
  );
}

function Broken({ plan }: { plan: PlanDifference }) {
  const t = useTexts();
  const broken = plan.difference?.changes.filter((one) => one.breaks.length > 0) ?? [];
  return (
    <ul className="bullets">
      {broken.map((one) => (
        <li key={one.visit_id}>
          {numbers(plan, [one.visit_id])}: {one.breaks.map((promise) => t(`promise.${promise}` as TextKey)).join(", ")}
        </li>
      ))}
    </ul>
  );
}

const WORRYING = ["refused", "failed", "partly_applied"];

/** What became of it, and what to do next. */
function State({ plan }: { plan: PlanDifference }) {
  const t = useTexts();
  return (
    <Notice tone={WORRYING.includes(plan.status) ? "warn" : "neutral"}>
      <span aria-busy={RUNNING.includes(plan.status)}>{t(`draft.${plan.status}` as TextKey)}</span>
      {plan.left_alone.map((one) => (
        <span key={one.visit_id} className="small">
          {numbers(plan, [one.visit_id])}: {maybe(t, "left_alone", one.reason)}
        </span>
      ))}
      {["refused", "failed", "empty"].includes(plan.status) && (
        <span>
          <Button onClick={() => showPlan(null)}>{t("plans.again")}</Button>
        </span>
      )}
    </Notice>
  );
}
