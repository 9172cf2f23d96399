// A rule as a form sees it: the seven kinds of conditions, which one rule may combine.
import type { Translate } from "@firstfix/shared/i18n/locale";
import type { DryRun, NewRule, Rule } from "./api";
import type { WatchKey } from "./words";

export const KINDS = ["threshold", "rate", "inactivity", "model", "duration", "repetition", "schedule", "across"] as const;
export type Kind = (typeof KINDS)[number];

const MEASURES: Record<Rule["measure"], Kind> = { value: "threshold", rate: "rate", silence: "inactivity", model: "model" };

type Watched = Pick<Rule, "measure" | "duration_seconds" | "repeat_times" | "hours" | "companions">;

export function kindsOf(rule: Watched): Kind[] {
  const also: [Kind, boolean][] = [
    ["duration", rule.duration_seconds > 0],
    ["repetition", rule.repeat_times > 1],
    ["schedule", rule.hours !== null],
    ["across", rule.companions.length > 0],
  ];
  return [MEASURES[rule.measure], ...also.filter(([, has]) => has).map(([kind]) => kind)];
}

/** What can be sent of a stored rule. */
export function plain(rule: Rule): NewRule {
  const { id: _id, version: _version, standing: _standing, standing_reason: _reason, ...fields } = rule;
  return fields as NewRule;
}

export const EMPTY: NewRule = {
  name: "",
  metric: "",
  op: "gt",
  threshold: 0,
  clear_threshold: 0,
  measure: "value",
  duration_seconds: 0,
  clear_after_seconds: 0,
  repeat_times: 1,
  repeat_seconds: 0,
  rate_seconds: 0,
  hours: null,
  companions: [],
  model: null,
  model_name: null,
  severity: "warning",
  fault_class: "",
  work_type_code: "",
  danger: "none",
  no_answer: "open_work_order",
  response_hours: 48,
  answer_minutes: 240,
  precision_floor: 0.5,
  weekly_budget: null,
  auto_clear_hours: null,
  active: true,
};

const HOUR_SECONDS = 3600;

/** The rule with another measure: what belongs to the one before goes. */
export function withMeasure(rule: NewRule, measure: NonNullable<NewRule["measure"]>): NewRule {
  const rate_seconds = measure === "rate" ? rule.rate_seconds || HOUR_SECONDS : 0;
  if (measure !== "silence") return { ...rule, measure, rate_seconds };
  const quiet = { companions: [], repeat_times: 1, repeat_seconds: 0, op: "gt" as const };
  return { ...rule, ...quiet, measure, rate_seconds, threshold: 4 * HOUR_SECONDS, clear_threshold: HOUR_SECONDS };
}

/** Switches one of the further conditions on, with a usual start, or off. */
export function withKind(rule: NewRule, kind: Kind, isOn: boolean, zone: string): NewRule {
  switch (kind) {
    case "duration":
      return { ...rule, duration_seconds: isOn ? 1200 : 0 };
    case "repetition":
      return { ...rule, repeat_times: isOn ? 3 : 1, repeat_seconds: isOn ? HOUR_SECONDS : 0 };
    case "schedule":
      return { ...rule, hours: isOn ? { days: [0, 1, 2, 3, 4, 5, 6], start: "22:00", end: "06:00", time_zone: zone } : null };
    case "across":
      return { ...rule, companions: isOn ? [{ metric: "", op: "gt", threshold: 0, clear_threshold: 0 }] : [] };
    default:
      return rule;
  }
}

type Hours = { days?: number[]; start?: string; end?: string };

export function hoursWords(hours: unknown, t: Translate<WatchKey>): string {
  const { days = [], start = "", end = "" } = (hours ?? {}) as Hours;
  const names = days.length === 7 ? t("days.all") : days.map((day) => t(`weekday.${day}` as WatchKey)).join(", ");
  return `${names} ${start}–${end}`;
}

type Episode = DryRun["episodes"][number];

/** What a dry run found, asset by asset, the most often first. */
export function byAsset(episodes: Episode[]): { id: string; name: string; episodes: Episode[] }[] {
  const ids = [...new Set(episodes.map((one) => one.asset_id))];
  const found = ids.map((id) => episodes.filter((one) => one.asset_id === id)).map((own) => ({ id: own[0]!.asset_id, name: own[0]!.asset_name, episodes: own }));
  return found.toSorted((a, b) => b.episodes.length - a.episodes.length);
}
