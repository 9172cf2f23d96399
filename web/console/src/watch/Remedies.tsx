// What each customer of an incident gets, with the reason; dear ones wait for a second person.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { money } from "@firstfix/shared/time";
import { Badge, Button, Empty, Notice } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { carryOutRemedy, fetchRemedies, fetchRemedyCosts, type Incident, proposeRemedies } from "./api";
import { Deciding } from "./Deciding";
import { Loaded, useRun, useSentence } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

export function Remedies({ incident }: { incident: Incident }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const sentence = useSentence();
  const remedies = useQuery({ queryKey: ["incidents", "remedies", incident.id], queryFn: () => fetchRemedies(incident.id) });
  const { busy, run } = useRun("incidents");
  return (
    <>
      <h3>{t("remedies")}</h3>
      <p className="soft small">{t("remedies.hint")}</p>
      <Loaded of={remedies} lines={3}>
        {(all) => (
          <>
            {all.length === 0 && <Empty title={t("remedies.none")}>{t("remedies.none.more")}</Empty>}
            <ul className="stack tight">
              {all.map((one) => (
                <li key={one.id} className="card stack tight">
                  <span className="row wrap spread">
                    <strong>{one.customer_name}</strong>
                    <Badge tone={one.status === "granted" ? "ok" : one.status === "proposed" ? "warn" : "neutral"}>{t(`remedy.status.${one.status}` as WatchKey)}</Badge>
                  </span>
                  <span>{t(`remedy.${one.kind}` as WatchKey)}, {money(one.cost_cents, one.currency, locale)}</span>
                  <span className="soft">{sentence(one.words)}</span>
                  {one.instructions && <span className="soft small">{t("remedy.told", { words: sentence(one.instructions) })}</span>}
                  {one.order_number && <span className="small">{t("remedy.order", { number: one.order_number })}</span>}
                  {one.collection_order_number && <span className="small">{t("remedy.collected", { number: one.collection_order_number })}</span>}
                  {one.credit_status && <span className="small">{t(`credit.${one.credit_status}` as WatchKey)}</span>}
                  {one.obstacle && (
                    <Notice tone="warn">
                      <span>{t(`obstacle.${one.obstacle}` as WatchKey)}</span>
                      <Button busy={busy} onClick={() => run(() => carryOutRemedy(one.id), t("done.tried"))}>{t("remedy.again")}</Button>
                    </Notice>
                  )}
                  {one.declined_because && <span className="soft small">{t("decline.said", { why: one.declined_because })}</span>}
                  {one.status === "proposed" && <Deciding remedy={one} />}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
      <Costs incident={incident} />
      {incident.status !== "closed" && (
        <div>
          <Button busy={busy} onClick={() => run(() => proposeRemedies(incident.id), t("done.proposed"))}>{t("remedies.propose")}</Button>
        </div>
      )}
    </>
  );
}

/** What the incident costs by kind of remedy; nothing before one is proposed. */
function Costs({ incident }: { incident: Incident }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const { data } = useQuery({ queryKey: ["incidents", "costs", incident.id], queryFn: () => fetchRemedyCosts(incident.id) });
  if (!data || data.kinds.length === 0) return null;
  const price = (cents: number): string => money(cents, data.currency, locale);
  return (
    <div className="scroll">
      <table className="money">
        <caption>{t("costs")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("costs.kind")}</th>
            <th scope="col">{t("costs.granted")}</th>
            <th scope="col">{t("costs.done")}</th>
            <th scope="col">{t("costs.price")}</th>
            <th scope="col">{t("costs.waiting")}</th>
          </tr>
        </thead>
        <tbody>
          {data.kinds.map((one) => (
            <tr key={one.kind}>
              <th scope="row">{t(`remedy.${one.kind}` as WatchKey)}</th>
              <td>{one.granted}</td>
              <td>{one.carried_out}</td>
              <td>{price(one.granted_cents)}</td>
              <td>{price(one.proposed_cents)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t("costs.all")}</th>
            <td />
            <td />
            <td><strong>{price(data.granted_cents)}</strong></td>
            <td>{price(data.proposed_cents)}</td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
