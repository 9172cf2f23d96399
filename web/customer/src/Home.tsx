// The start: what can be fixed, and one's own visits.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { statusWord, useWords } from "@firstfix/shared/i18n/words";
import { Link } from "@firstfix/shared/router";
import { dayName, minutesText, money, timeRange } from "@firstfix/shared/time";
import { Badge, Empty, Failure, statusTone, Waiting } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { useWho } from "./App";
import { askAgain, fetchCatalog, fetchCredits, fetchVisits } from "./api";
import { type CatalogEntry, shownStatus, type VisitMine } from "./types";
import { useTexts } from "./words";

export function Home() {
  const t = useTexts();
  const who = useWho();
  return (
    <>
      <header className="stack tight">
        <h1>{t("home.title")}</h1>
        <p className="soft">{t("home.lead")}</p>
      </header>
      {who && <Visits />}
      {who && <Credits />}
      <Catalog />
      {!who && (
        <Link to="/sign-in" className="button big">
          {t("home.sign_in")}
        </Link>
      )}
    </>
  );
}

function Catalog() {
  const t = useTexts();
  const { data, error, refetch } = useQuery({ queryKey: ["catalog"], queryFn: fetchCatalog });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting lines={6} onRetry={() => void askAgain("catalog")} />;
  if (data.length === 0) return <Empty title={t("home.catalog_empty")}>{t("home.catalog_empty.more")}</Empty>;
  return (
    <section className="stack">
      <h2>{t("step.what")}</h2>
      <ul className="stack">
        {data.map((entry) => (
          <li key={entry.code}>
            <Entry entry={entry} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ entry }: { entry: CatalogEntry }) {
  const t = useTexts();
  const { locale } = useLocale();
  return (
    <Link to={`/book/${encodeURIComponent(entry.code)}`} className="card plain-link row spread entry">
      <span className="stack tight">
        <strong>{entry.name}</strong>
        <span className="soft small">
          {t("duration", { minutes: minutesText(entry.expected_minutes) })}
          {entry.price_cents > 0 && ` · ${t("price", { price: money(entry.price_cents, entry.currency, locale) })}`}
        </span>
      </span>
      <Icon name="forward" />
    </Link>
  );
}

function Visits() {
  const t = useTexts();
  const { data, error, refetch } = useQuery({ queryKey: ["visits"], queryFn: fetchVisits });
  return (
    <section className="stack">
      <h2>{t("home.visits")}</h2>
      {error && !data ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting lines={3} onRetry={() => void askAgain("visits")} />}
      {data?.length === 0 && <Empty title={t("home.no_visits")}>{t("home.no_visits.more")}</Empty>}
      <ul className="stack">
        {data?.map((visit) => (
          <li key={visit.id}>
            <VisitCard visit={visit} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Money good with us; nothing where there is none. */
function Credits() {
  const t = useTexts();
  const { language, locale } = useLocale();
  const { data = [] } = useQuery({ queryKey: ["credits"], queryFn: fetchCredits });
  if (data.length === 0) return null;
  return (
    <section className="stack">
      <h2>{t("home.credits")}</h2>
      <ul className="stack">
        {data.map((one) => (
          <li key={one.id} className="card stack tight">
            <span className="row spread">
              <strong>{money(one.amount_cents, one.currency, locale)}</strong>
              <Badge tone={one.status === "granted" ? "ok" : "neutral"}>{t(`credit.${one.status}`)}</Badge>
            </span>
            <span className="soft small">{one.words[language] ?? one.words["en"]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function whenWords(visit: VisitMine, locale: string): string | null {
  if (!visit.arrival_start || !visit.arrival_end) return null;
  const zoned = { locale, zone: visit.site.time_zone };
  return `${dayName(visit.arrival_start, zoned)}, ${timeRange(visit.arrival_start, visit.arrival_end, zoned)}`;
}

function VisitCard({ visit }: { visit: VisitMine }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const status = shownStatus(visit);
  return (
    <Link to={`/visits/${visit.id}`} className="card plain-link stack tight">
      <span className="row spread">
        <strong>{visit.title}</strong>
        {status !== "unscheduled" && <Badge tone={statusTone(status)}>{statusWord(w, status)}</Badge>}
      </span>
      <span>{whenWords(visit, locale) ?? t("track.no_window")}</span>
      <span className="soft small">{visit.site.address}</span>
    </Link>
  );
}
