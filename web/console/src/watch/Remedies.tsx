// What each customer of an incident gets, with the reason; dear ones wait for a second person.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { money } from "@firstfix/shared/time";
import { Badge, Button, Empty } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { decideRemedy, fetchRemedies, type Incident, type IncidentMember, proposeRemedies } from "./api";
import { Loaded, useRun, useSentence } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

export function Remedies({ incident, members }: { incident: Incident; members: IncidentMember[] }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const sentence = useSentence();
  const remedies = useQuery({ queryKey: ["incidents", "remedies", incident.id], queryFn: () => fetchRemedies(incident.id) });
  const { busy, run } = useRun("incidents");
  const names = new Map(members.map((one) => [one.customer_id, one.customer_name]));
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
                    <strong>{names.get(one.customer_id)}</strong>
                    <Badge tone={one.status === "granted" ? "ok" : one.status === "proposed" ? "warn" : "neutral"}>{t(`remedy.status.${one.status}` as WatchKey)}</Badge>
                  </span>
                  <span>{t(`remedy.${one.kind}` as WatchKey)}, {money(one.cost_cents, one.currency, locale)}</span>
                  <span className="soft">{sentence(one.words)}</span>
                  {one.status === "proposed" && (
                    <span className="row wrap">
                      <Button kind="primary" busy={busy} onClick={() => run(() => decideRemedy(one.id, true), t("done.granted"))}>{t("remedy.grant")}</Button>
                      <Button busy={busy} onClick={() => run(() => decideRemedy(one.id, false), t("done.declined"))}>{t("remedy.decline")}</Button>
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
      {incident.status !== "closed" && (
        <div>
          <Button busy={busy} onClick={() => run(() => proposeRemedies(incident.id), t("done.proposed"))}>{t("remedies.propose")}</Button>
        </div>
      )}
    </>
  );
}
