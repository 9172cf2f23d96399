// What a plan would change: promises first, money by term, then every visit.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { isoDay, money } from "@firstfix/shared/time";
import { setQuery } from "@firstfix/shared/router";
import { Badge, Button, Notice } from "@firstfix/shared/ui/controls";
import { useState } from "react";
import { MapDrawing, routesOf } from "../MapPanel";
import type { Board } from "../state";
import type { Change, PlanDifference } from "../types";
import { maybe, type TextKey, useTexts } from "../words";
import { brokenCents, inOrderOfWeight, moneyLines, type Preview } from "./preview";
import { useSeatWords } from "./words";

interface DifferenceProps {
  plan: PlanDifference;
  board: Board;
  preview: Preview | null;
}

export function Difference({ plan, board, preview }: DifferenceProps) {
  const t = useTexts();
  if (!plan.difference) return null;
  const { changes, promises_broken } = plan.difference;
  return (
    <div className="stack">
      <Promises plan={plan} broken={promises_broken} />
      <Money plan={plan} />
      <Changes plan={plan} changes={changes} zone={board.zone} />
      {plan.left_out.length > 0 && (
        <p className="soft small">{t("plans.left_out", { count: plan.left_out.length, numbers: numbers(plan, plan.left_out) })}</p>
      )}
      {preview && <Routes board={board} preview={preview} />}
    </div>
  );
}

export function numbers(plan: PlanDifference, ids: string[]): string {
  return ids.map((id) => plan.visits.find((visit) => visit.visit_id === id)?.number ?? "").join(", ");
}

function Promises({ plan, broken }: { plan: PlanDifference; broken: number }) {
  const t = useTexts();
  const { locale } = useLocale();
  if (broken === 0) return <Notice tone="ok">{t("plans.keeps")}</Notice>;
  const cents = plan.difference!.changes.reduce((sum, one) => sum + brokenCents(one), 0);
  return (
    <Notice tone="warn">
      <strong>{t("plans.breaks", { count: broken })}</strong>
      <span>{t("plans.breaks.price", { price: money(cents, plan.currency, locale) })}</span>
      {plan.kind === "repair" && <span className="small">{t("plans.budget", { count: plan.repair_budget })}</span>}
    </Notice>
  );
}

function Money({ plan }: { plan: PlanDifference }) {
  const t = useTexts();
  const { locale } = useLocale();
  const lines = moneyLines(plan.difference!);
  const told = (cents: number): string => money(cents, plan.currency, locale);
  const signed = (cents: number): string => (cents > 0 ? "+" : "") + told(cents);
  const sum = (side: "before" | "after"): number => lines.reduce((total, line) => total + line[side], 0);
  return (
    <table className="money">
      <caption>{t("plans.money")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("plans.term")}</th>
          <th scope="col">{t("preview.before")}</th>
          <th scope="col">{t("preview.after")}</th>
          <th scope="col">{t("plans.change")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ term, before, after }) => (
          <tr key={term} data-sign={Math.sign(after - before)}>
            <th scope="row">{maybe(t, "term", term)}</th>
            <td>{told(before)}</td>
            <td>{told(after)}</td>
            <td>{signed(after - before)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr data-sign={Math.sign(sum("after") - sum("before"))}>
          <th scope="row">{t("plans.sum")}</th>
          <td>{told(sum("before"))}</td>
          <td>{told(sum("after"))}</td>
          <td>{signed(sum("after") - sum("before"))}</td>
        </tr>
      </tfoot>
    </table>
  );
}

/** The routes of everybody whose day changes, as they are and as they would be. */
function Routes({ board, preview }: { board: Board; preview: Preview }) {
  const t = useTexts();
  const touched = new Set(preview.plan.difference?.changes.flatMap((one) => [...one.before, ...one.after].map((seat) => seat.technician_id)));
  const mine = ({ key }: { key: string }): boolean => touched.has(key);
  const after = routesOf(preview.board).filter(mine);
  const before = routesOf(board).filter(mine);
  if (before.length + after.length === 0) return null;
  return (
    <figure className="stack tight">
      <figcaption className="small">
        <strong>{t("plans.routes")}</strong>
        <span className="soft"> {t("plans.routes.hint")}</span>
      </figcaption>
      <MapDrawing board={preview.board} routes={after} before={before} onSelect={(visit) => setQuery({ visit })} />
    </figure>
  );
}

const SHOWN = 12;

function Changes({ plan, changes, zone }: { plan: PlanDifference; changes: Change[]; zone: string }) {
  const t = useTexts();
  const [isWhole, setWhole] = useState(false);
  const sorted = inOrderOfWeight(changes);
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  return (
    <section className="stack tight">
      <strong className="small">{t("plans.changes", { count: changes.length })}</strong>
      <ul className="stack tight history">
        {shown.map((change) => (
          <ChangeRow key={change.visit_id} plan={plan} change={change} zone={zone} />
        ))}
      </ul>
      {sorted.length > shown.length && (
        <Button onClick={() => setWhole(true)}>{t("plans.more", { count: sorted.length - shown.length })}</Button>
      )}
    </section>
  );
}

function ChangeRow({ plan, change, zone }: { plan: PlanDifference; change: Change; zone: string }) {
  const t = useTexts();
  const { locale } = useLocale();
  const seats = useSeatWords(zone);
  const visit = plan.visits.find((one) => one.visit_id === change.visit_id);
  const at = change.after[0]?.starts_at ?? change.before[0]?.starts_at;
  const look = (): void => setQuery({ day: at ? isoDay(at, zone) : null, visit: change.visit_id });
  return (
    <li className="stack tight">
      <button type="button" className="link" onClick={look}>
        <strong>{visit?.number}</strong> {visit?.title}
        {visit && <span className="soft">, {visit.customer_name}</span>}
      </button>
      <span className="small">
        <Badge tone={change.what === "unassigned" ? "warn" : "neutral"}>{t(`changed.${change.what}` as TextKey)}</Badge>{" "}
        {change.before.length > 0 && (
          <>
            <s>{seats(change.before, plan)}</s> <span aria-hidden="true">→</span>{" "}
          </>
        )}
        {seats(change.after, plan, change.before[0]?.starts_at)}
      </span>
      {change.breaks.length > 0 && (
        <span className="small broken">
          {change.breaks.map((one) => t(`promise.${one}` as TextKey)).join(", ")}: {money(brokenCents(change), plan.currency, locale)}
        </span>
      )}
    </li>
  );
}
