// The rules of a policy as fields of a form, each with its unit.
import type { Rules } from "./api";

export type Unit = "money" | "minutes" | "seconds" | "days" | "percent" | "count" | "grams" | "yes";
type Plain = Exclude<keyof Rules, "weights" | "mode" | "crowd" | "crowd_share_pct_by_work_type" | "breach_again_minutes">;

export interface Field {
  key: Plain;
  unit: Unit;
  /** Left empty it means "never", or that each shift says. */
  mayBeEmpty?: boolean;
}

export const GROUPS: [name: string, fields: Field[]][] = [
  [
    "prices",
    [
      { key: "unserved_cents", unit: "money" },
      { key: "breach_cents", unit: "money" },
      { key: "late_cents_per_minute", unit: "money" },
      { key: "promised_pct", unit: "percent" },
      { key: "move_cents", unit: "money" },
      { key: "told_move_cents", unit: "money" },
      { key: "start_cents", unit: "money" },
      { key: "preference_cents", unit: "money" },
      { key: "over_qualification_cents", unit: "money" },
      { key: "risk_cents_per_minute", unit: "money" },
      { key: "fairness_cents_per_hour", unit: "money" },
      { key: "unpleasant_cents", unit: "money" },
      { key: "co2_cents_per_tonne", unit: "money" },
      { key: "co2_grams_per_kilometre", unit: "grams" },
    ],
  ],
  [
    "crowd",
    [
      { key: "crowd_share_pct", unit: "percent", mayBeEmpty: true },
      { key: "crowd_share_days", unit: "days" },
      { key: "crowd_minutes", unit: "minutes", mayBeEmpty: true },
      { key: "confirm_minutes", unit: "minutes", mayBeEmpty: true },
      { key: "confirm_notice_minutes", unit: "minutes" },
      { key: "confirm_pct", unit: "percent" },
    ],
  ],
  [
    "dispatching",
    [
      { key: "lead_minutes", unit: "minutes" },
      { key: "lock_technician", unit: "yes" },
      { key: "lock_day", unit: "yes" },
      { key: "lock_time", unit: "yes" },
      { key: "overtime_minutes", unit: "minutes", mayBeEmpty: true },
      { key: "repair_budget", unit: "count" },
      { key: "improve_seconds", unit: "seconds" },
      { key: "improve_cents", unit: "money" },
    ],
  ],
];

/** How a share of one work type is named in a difference, before its code. */
export const OF_WORK_TYPE = "crowd_share_pct_by_work_type.";

/** The shares of work types with one changed; left empty it has none. */
export function withShare(shares: Rules["crowd_share_pct_by_work_type"], code: string, text: string): Rules["crowd_share_pct_by_work_type"] {
  const { [code]: _before, ...others } = shares;
  const pct = kept(text, "percent");
  return pct === null ? others : { ...others, [code]: pct };
}

/** A number as it is typed: money in whole units of the currency, the rest as it is kept. */
export const shown = (value: number | null, unit: Unit): string =>
  value === null ? "" : String(unit === "money" ? value / 100 : value);

export const kept = (text: string, unit: Unit): number | null =>
  text.trim() === "" ? null : Math.round(Number(text) * (unit === "money" ? 100 : 1));

/** The unit of any rule, by its name in a difference. */
export function unitOf(rule: string): Unit | null {
  if (rule.startsWith("weights.") || rule.startsWith(OF_WORK_TYPE)) return "percent";
  return GROUPS.flatMap(([, fields]) => fields).find((field) => field.key === rule)?.unit ?? null;
}
