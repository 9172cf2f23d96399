// Scores: everybody's points, and of one person each change with its reason and the visit it is about.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Empty, Field, Notice } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchReviews } from "../pages/crowd";
import type { Territory } from "../types";
import { ListAndOne, Loaded } from "../watch/pieces";
import { type Change, type Fact, fetchScore, fetchScored } from "./api";
import { useTrustTexts } from "./words";

export function Scores({ territory }: { territory: Territory }) {
  const t = useTrustTexts();
  const id = usePlace().query.get("item");
  const [wanted, setWanted] = useState("");
  const scored = useQuery({ queryKey: ["crowd", "scored"], queryFn: fetchScored });
  const list = (
    <>
      <Field label={t("find")} type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
      <Loaded of={scored} lines={8}>
        {(all) => {
          const shown = all.filter((one) => one.name.toLowerCase().includes(wanted.trim().toLowerCase()));
          if (shown.length === 0) return <Empty title={t(all.length ? "find.none" : "scores.none")}>{t(all.length ? "find.none.more" : "scores.none.more")}</Empty>;
          return shown.map((one) => (
            <button key={one.technician_id} type="button" className="pick row spread" aria-pressed={one.technician_id === id} onClick={() => setQuery({ item: one.technician_id })}>
              <strong>{one.name}</strong>
              <span>{one.points}</span>
            </button>
          ));
        }}
      </Loaded>
    </>
  );
  const name = scored.data?.find((one) => one.technician_id === id)?.name ?? "";
  return <ListAndOne list={list} chosen={id && <History key={id} id={id} name={name} zone={territory.time_zone} />} />;
}

function History({ id, name, zone }: { id: string; name: string; zone: string }) {
  const t = useTrustTexts();
  const score = useQuery({ queryKey: ["crowd", "score", id], queryFn: () => fetchScore(id) });
  const reviews = useQuery({ queryKey: ["crowd", "reviews"], queryFn: fetchReviews });
  return (
    <Loaded of={score}>
      {({ points, changes, facts }) => {
        const about = new Map(facts.map((fact) => [fact.id, fact]));
        const contested = new Set(reviews.data?.map((one) => one.fact_id));
        return (
          <>
            <h2>{name}</h2>
            <Notice>
              <strong className="figure">{t("points", { points })}</strong>
              <meter min={0} max={100} value={points} aria-label={t("points.of")} />
              <span className="small">{t("points.hint")}</span>
            </Notice>
            {changes.length === 0 && <Empty title={t("changes.none")}>{t("changes.none.more")}</Empty>}
            {changes.map((change) => (
              <ChangeCard key={change.id} change={change} fact={about.get(change.fact_id)} isContested={contested.has(change.fact_id)} zone={zone} />
            ))}
          </>
        );
      }}
    </Loaded>
  );
}

function ChangeCard({ change, fact, isContested, zone }: { change: Change; fact: Fact | undefined; isContested: boolean; zone: string }) {
  const t = useTrustTexts();
  const { locale } = useLocale();
  const moved = change.after - change.before;
  const at = (moment: string): string => dayAndTime(moment, { locale, zone });
  return (
    <article className="card stack tight">
      <span className="row spread">
        <strong>{t(`fact.${change.kind}`, { value: change.value ?? 0 })}</strong>
        <Badge tone={moved > 0 ? "ok" : moved < 0 ? "warn" : "neutral"}>{moved > 0 ? `+${moved}` : String(moved).replace("-", "−")}</Badge>
      </span>
      {change.cause !== "added" && <span>{t(`cause.${change.cause}`)}</span>}
      <span className="soft small">
        {fact && `${t("happened", { at: at(fact.happened_at) })} · `}
        {t("moved", { at: at(change.changed_at), before: change.before, after: change.after })}
      </span>
      <span className="row wrap">
        {fact?.visit_id && <Button onClick={() => setQuery({ page: null, tab: null, item: null, visit: fact.visit_id })}>{t("open_visit")}</Button>}
        {fact?.stand_by_id && <Button onClick={() => setQuery({ page: "on_call", tab: null, item: null })}>{t("open_stand_by")}</Button>}
        {isContested && (
          <Button kind="primary" onClick={() => setQuery({ tab: null, item: null })}>
            {t("answer_review")}
          </Button>
        )}
      </span>
    </article>
  );
}
