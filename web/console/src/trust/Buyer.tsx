// How we keep our promises as the buyer: what we did in the last ninety days against what we promise freelancers.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { dayName } from "@firstfix/shared/time";
import { Badge, Button, Empty, Notice } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { may } from "../api";
import { Loaded, useNumber } from "../watch/pieces";
import { fetchQuality, type Quality } from "./api";
import { type TrustKey, useTrustTexts } from "./words";

interface Measure {
  name: "reply" | "approve" | "refused" | "cancelled";
  unit: "hours" | "pct";
  did: number | null;
  promised: number;
  /** Where somebody can do something about it. */
  next?: { page: "fairness" | "payouts"; words: TrustKey };
}

const measures = (found: Quality): Measure[] => [
  { name: "reply", unit: "hours", did: found.reply_hours, promised: found.reply_hours_promised, next: { page: "fairness", words: "buyer.reply.do" } },
  { name: "approve", unit: "hours", did: found.approve_hours, promised: found.approve_hours_promised, next: { page: "payouts", words: "buyer.approve.do" } },
  { name: "refused", unit: "pct", did: found.refused_pct, promised: found.refused_pct_promised, next: { page: "payouts", words: "buyer.refused.do" } },
  { name: "cancelled", unit: "pct", did: found.cancelled_pct, promised: found.cancelled_pct_promised },
];

const isKept = ({ did, promised }: Measure): boolean => did === null || did <= promised;

export function Buyer() {
  const t = useTrustTexts();
  const { locale } = useLocale();
  const quality = useQuery({ queryKey: ["crowd", "quality"], queryFn: fetchQuality });
  return (
    <div className="page-columns">
      <section className="stack">
        <Loaded of={quality}>
          {(found) => {
            const all = measures(found);
            const broken = all.filter((one) => !isKept(one)).length;
            if (all.every((one) => one.did === null)) return <Empty title={t("buyer.none")}>{t("buyer.none.more")}</Empty>;
            return (
              <>
                <Notice tone={broken ? "warn" : "ok"}>
                  <strong>{broken ? t("buyer.broken", { count: broken }) : t("buyer.kept")}</strong>
                  <span className="small">{t("buyer.since", { day: dayName(found.since, { locale }) })}</span>
                </Notice>
                {all.map((one) => (
                  <MeasureCard key={one.name} measure={one} />
                ))}
              </>
            );
          }}
        </Loaded>
      </section>
    </div>
  );
}

function MeasureCard({ measure }: { measure: Measure }) {
  const t = useTrustTexts();
  const number = useNumber();
  const { name, unit, did, promised, next } = measure;
  return (
    <article className="card stack tight">
      <span className="row spread">
        <strong>{t(`buyer.${name}`)}</strong>
        {did !== null && <Badge tone={isKept(measure) ? "ok" : "warn"}>{t(isKept(measure) ? "buyer.is_kept" : "buyer.is_broken")}</Badge>}
      </span>
      <span className="figure">{did === null ? "–" : t(`buyer.${unit}`, { value: number(did) })}</span>
      <span className="soft small">
        {t("buyer.promised", { value: t(`buyer.${unit}`, { value: number(promised) }) })} {t(did === null ? "buyer.nothing" : `buyer.${name}.means`)}
      </span>
      {!isKept(measure) && next && may("dispatcher", "supervisor", "admin", "finance") && (
        <div>
          <Button onClick={() => setQuery({ page: next.page, tab: null, item: null })}>{t(next.words)}</Button>
        </div>
      )}
    </article>
  );
}
