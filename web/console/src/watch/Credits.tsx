// What a customer has good with us, and the incident it comes from.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { dayAndTime, money } from "@firstfix/shared/time";
import { useQuery } from "@tanstack/react-query";
import { fetchCredits } from "./api";
import { useSentence } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

/** Nothing for a customer who never had one. */
export function Credits({ customerId, zone }: { customerId: string; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const sentence = useSentence();
  const { data = [] } = useQuery({ queryKey: ["incidents", "credits", customerId], queryFn: () => fetchCredits(customerId) });
  if (data.length === 0) return null;
  return (
    <details className="fold" open>
      <summary>{t("credits")}</summary>
      <ul className="stack tight">
        {data.map((one) => (
          <li key={one.id} className="card stack tight">
            <strong>{money(one.amount_cents, one.currency, locale)}</strong>
            <span>{t(`credit.${one.status}` as WatchKey)}</span>
            <span>{sentence(one.words)}</span>
            {one.reference && <span className="small">{t("credit.bill", { number: one.reference })}</span>}
            <span className="soft small">
              <button type="button" className="link" onClick={() => setQuery({ page: one.incident_id ? "incidents" : "alerts", item: one.incident_id ?? one.alert_id })}>
                {one.fault_class.replaceAll("_", " ")}, {one.asset_name}
              </button>{" "}
              {dayAndTime(one.granted_at, { locale, zone })}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
