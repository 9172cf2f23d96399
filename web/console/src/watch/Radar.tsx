// Which machines fail most: the failure rate per model or batch, and how it changes with age.
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { Badge, Button, Choice, Empty } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Defects, fetchDefects, saveDefects } from "./api";
import { Interval } from "./Interval";
import { ListAndOne, Loaded, useNumber } from "./pieces";
import { useWatchTexts } from "./words";

const MONTHS = [6, 12, 24, 60];

/** Under so many years of machines the range is too wide to say anything. */
const FEWEST_YEARS = 1;

const keyOf = (one: Defects): string => `${one.model}/${one.batch ?? ""}`;

export function Radar() {
  const t = useWatchTexts();
  const w = useWords();
  const tell = useTell();
  const item = usePlace().query.get("item");
  const [by, setBy] = useState<"model" | "batch">("model");
  const [months, setMonths] = useState(24);
  const defects = useQuery({ queryKey: ["defects", by, months], queryFn: () => fetchDefects(by, months) });
  const byRate = defects.data?.toSorted((a, b) => (b.group.rate?.value ?? -1) - (a.group.rate?.value ?? -1)) ?? [];
  const most = Math.max(...byRate.filter((one) => one.group.asset_years >= FEWEST_YEARS).map((one) => one.group.rate?.high ?? 0), 0.01);
  const chosen = byRate.find((one) => keyOf(one) === item);
  const save = (): void => void saveDefects(by, months).catch((error: unknown) => tell(failureWords(w, error)));
  const list = (
    <>
      <p className="soft small">{t("radar.hint")}</p>
      <div className="pair">
        <Choice label={t("radar.by")} value={by} onChange={(value) => (setBy(value as typeof by), setQuery({ item: null }))} options={[["model", t("radar.model")], ["batch", t("radar.batch")]]} />
        <Choice label={t("radar.months")} value={String(months)} onChange={(value) => setMonths(Number(value))} options={MONTHS.map((one) => [String(one), t("months", { count: one })] as const)} />
      </div>
      <div>
        <Button disabled={byRate.length === 0} onClick={save}>{t("radar.export")}</Button>
      </div>
      <Loaded of={defects}>
        {() =>
          byRate.length === 0 ? (
            <Empty title={t("radar.none")}>{t("radar.none.more")}</Empty>
          ) : (
            byRate.map((one) => <Line key={keyOf(one)} defects={one} most={most} isChosen={one === chosen} />)
          )
        }
      </Loaded>
    </>
  );
  return <ListAndOne list={list} chosen={chosen && <Ages key={keyOf(chosen)} defects={chosen} />} />;
}

function Line({ defects, most, isChosen }: { defects: Defects; most: number; isChosen: boolean }) {
  const t = useWatchTexts();
  const number = useNumber();
  const { rate, failures, assets } = defects.group;
  return (
    <button type="button" className="pick" aria-pressed={isChosen} onClick={() => setQuery({ item: keyOf(defects) })}>
      <span className="row spread">
        <strong>{[defects.model || t("radar.unnamed"), defects.batch].filter(Boolean).join(", ")}</strong>
        <Badge>{t("radar.failures", { count: failures, assets })}</Badge>
      </span>
      {rate && defects.group.asset_years >= FEWEST_YEARS ? (
        <Interval estimate={rate} most={most} label={t("radar.rate", { value: number(rate.value, 2), low: number(rate.low, 2), high: number(rate.high, 2) })} />
      ) : (
        <span className="soft small">{t("radar.too_few")}</span>
      )}
    </button>
  );
}

function Ages({ defects }: { defects: Defects }) {
  const t = useWatchTexts();
  const number = useNumber();
  const { bands } = defects.group;
  const most = Math.max(...bands.filter((band) => band.asset_years >= FEWEST_YEARS).map((band) => band.hazard?.high ?? 0), 0.01);
  return (
    <>
      <h2>{[defects.model || t("radar.unnamed"), defects.batch].filter(Boolean).join(", ")}</h2>
      <p className="soft small">{t("radar.ages.hint")}</p>
      <ul className="stack">
        {bands.map((band) => (
          <li key={band.from_years} className="stack tight">
            <strong>{t("radar.years", { from: band.from_years, to: band.to_years })}</strong>
            {band.hazard && band.asset_years >= FEWEST_YEARS ? (
              <Interval
                estimate={band.hazard}
                most={most}
                label={t("radar.band", { value: number(band.hazard.value, 2), low: number(band.hazard.low, 2), high: number(band.hazard.high, 2), count: band.failures, years: number(band.asset_years, 1) })}
              />
            ) : (
              <span className="soft small">{t("radar.too_few")}</span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
