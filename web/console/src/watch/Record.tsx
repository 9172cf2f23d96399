// What became of a rule's alerts: precision with its interval, lead time, false visits, and why it needs review.
import { minutesText } from "@firstfix/shared/time";
import { Badge, Button, Notice } from "@firstfix/shared/ui/controls";
import { type TrackRecord, trustRule } from "./api";
import { Interval, percent } from "./Interval";
import { Facts, useNumber, useRun, useSentence } from "./pieces";
import { useWatchTexts } from "./words";

/** Its name and whether it is trusted. */
export function RecordHead({ record, as: Heading = "h2" }: { record: TrackRecord; as?: "h2" | "h3" }) {
  const t = useWatchTexts();
  return (
    <div className="row wrap spread">
      <Heading>{record.rule_name}</Heading>
      <Badge tone={record.standing === "triage" ? "warn" : "ok"}>{t(record.standing === "triage" ? "alerts.triage" : "record.trusted")}</Badge>
    </div>
  );
}

export function RecordBody({ record }: { record: TrackRecord }) {
  const t = useWatchTexts();
  const number = useNumber();
  const sentence = useSentence();
  const { busy, run } = useRun("rules");
  const { tally } = record;
  const words = record.standing_reason?.["words"] as Record<string, string> | undefined;
  return (
    <>
      {record.standing === "triage" && (
        <Notice tone="warn">
          <span>{sentence(words) || t("rules.triage")}</span>
          <div>
            <Button busy={busy} onClick={() => run(() => trustRule(record.rule_id), t("done.trusted"))}>{t("rules.trust")}</Button>
          </div>
        </Notice>
      )}
      {tally.precision ? (
        <>
          <p>
            <strong>{t("record.precision", { pct: percent(tally.precision.value) })}</strong>{" "}
            <span className="soft">{t("record.of", { true_faults: tally.true_faults, count: tally.verdicts })}</span>
          </p>
          <Interval estimate={tally.precision} most={1} mark={record.precision_floor} label={t("record.between", { low: percent(tally.precision.low), high: percent(tally.precision.high), floor: percent(record.precision_floor) })} />
        </>
      ) : (
        <p className="soft">{t("record.no_verdict")}</p>
      )}
      <Facts
        rows={[
          record.lead_p50 !== null && [t("record.lead"), t("record.lead.is", { usual: minutesText(record.lead_p50), rare: minutesText(record.lead_p10 ?? record.lead_p50) })],
          [t("record.rolls"), `${tally.false_rolls}${tally.false_rolls_per_avoided === null ? "" : ` (${t("record.rolls.per", { count: number(tally.false_rolls_per_avoided, 2) })})`}`],
          [t("record.avoided"), number(tally.avoided)],
          [t("record.week"), record.weekly_budget === null ? number(record.alerts_this_week) : t("record.week.of", { count: record.alerts_this_week, budget: record.weekly_budget })],
        ]}
      />
      <Weeks record={record} />
    </>
  );
}

/** Verdicts week by week: true faults above, false alarms in another colour. */
function Weeks({ record }: { record: TrackRecord }) {
  const t = useWatchTexts();
  if (record.weeks.length < 2) return null;
  const most = Math.max(...record.weeks.map((one) => one.tally.verdicts), 1);
  return (
    <figure className="weeks" role="img" aria-label={t("record.weeks")}>
      {record.weeks.slice(-26).map((one) => (
        <span key={one.week} className="week" style={{ height: `${(one.tally.verdicts / most) * 100}%` }} title={t("record.of", { true_faults: one.tally.true_faults, count: one.tally.verdicts })}>
          <i style={{ height: `${(one.tally.false_alarms / Math.max(one.tally.verdicts, 1)) * 100}%` }} />
        </span>
      ))}
      <figcaption className="small soft">{t("record.weeks")}</figcaption>
    </figure>
  );
}
