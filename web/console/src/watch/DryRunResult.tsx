// What a rule would have done on stored history: how often, when, and where in the readings.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime, shortSpan } from "@firstfix/shared/time";
import { Choice, Notice } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type DryRun, fetchReadings, type NewRule } from "./api";
import { Chart } from "./Chart";
import { Loaded, useNumber, useSentence } from "./pieces";
import { byAsset } from "./rule";
import { useWatchTexts } from "./words";

const SHOWN = 20;

interface TriedProps {
  /** As it was tried; the form may have gone on. */
  rule: NewRule;
  days: number;
  run: DryRun;
  zone: string;
}

export function DryRunResult({ rule, days, run, zone }: TriedProps) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const sentence = useSentence();
  const number = useNumber();
  const lasted = (fired: string, cleared: string | null): string => (cleared ? shortSpan(Date.parse(cleared) - Date.parse(fired)) : t("try.lasts"));
  return (
    <div className="stack tight" role="status">
      <Notice tone={run.times === 0 ? "neutral" : "accent"}>
        <strong>{sentence(run.words)}</strong>
        <span className="small">{t("try.readings", { count: run.readings })}</span>
        {!run.is_complete && <span className="small">{t("try.incomplete")}</span>}
        {run.readings === 0 && <span>{t("try.nothing")}</span>}
      </Notice>
      {run.episodes.length > 0 && (
        <>
          <Where rule={rule} days={days} run={run} zone={zone} />
          <div className="scroll">
            <table className="money">
              <thead>
                <tr>
                  <th scope="col">{t("alert.asset")}</th>
                  <th scope="col">{t("alert.since")}</th>
                  <th scope="col">{t("try.lasted")}</th>
                  <th scope="col">{t("try.value")}</th>
                </tr>
              </thead>
              <tbody>
                {run.episodes.slice(0, SHOWN).map((one) => (
                  <tr key={one.device_id + one.fired_at}>
                    <th scope="row">{one.asset_name}</th>
                    <td>{dayAndTime(one.fired_at, { locale, zone })}</td>
                    <td>{lasted(one.fired_at, one.cleared_at)}</td>
                    <td>{number(one.value, 2)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}

/** The readings of one asset with the times marked at which the rule would have fired. */
function Where({ rule, days, run, zone }: TriedProps) {
  const t = useWatchTexts();
  const assets = byAsset(run.episodes);
  const [chosen, setChosen] = useState("");
  const asset = assets.find((one) => one.id === chosen) ?? assets[0]!;
  const hours = days * 24;
  const series = useQuery({ queryKey: ["readings", asset.id, rule.metric, hours], queryFn: () => fetchReadings(asset.id, rule.metric, hours) });
  const isOfValues = (rule.measure ?? "value") === "value";
  const spans = { words: t("try.fires"), of: asset.episodes.map((one) => ({ from: one.fired_at, to: one.cleared_at ?? run.until })) };
  return (
    <>
      <Choice
        label={t("try.where")}
        value={asset.id}
        onChange={setChosen}
        options={assets.map((one) => [one.id, t("try.times", { asset: one.name, count: one.episodes.length })] as const)}
      />
      <Loaded of={series} lines={6}>
        {({ points }) => (
          <Chart
            title={rule.metric.replaceAll("_", " ")}
            points={points}
            zone={zone}
            limits={isOfValues ? [{ value: rule.threshold, words: t("evidence.limit") }] : []}
            spans={spans}
          />
        )}
      </Loaded>
    </>
  );
}
