// The inbox: alerts that nobody took on in time, and rules that lost their trust.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Empty } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import type { Territory } from "../types";
import { acknowledgeAlert, type Escalation, fetchEscalations, settleEscalation } from "./api";
import { Loaded, useRun, useSentence } from "./pieces";
import { useWatchTexts } from "./words";

export function useRaised(territoryId: string) {
  return useQuery({ queryKey: ["alerts", "raised", territoryId], queryFn: () => fetchEscalations(territoryId), refetchInterval: 60_000 });
}

export function Raised({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const raised = useRaised(territory.id);
  return (
    <Loaded of={raised} lines={4}>
      {(all) => {
        if (all.length === 0) return <Empty title={t("raised.none")}>{t("raised.none.more")}</Empty>;
        return all.map((one) => <Entry key={one.id} entry={one} zone={territory.time_zone} />);
      }}
    </Loaded>
  );
}

function Entry({ entry, zone }: { entry: Escalation; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const sentence = useSentence();
  const { busy, run } = useRun("alerts", "rules");
  const { alert_id } = entry;
  return (
    <div className="card stack tight">
      <span className="row wrap spread">
        <Badge tone={entry.level > 1 ? "danger" : "warn"}>{alert_id ? t("raised.level", { count: entry.level }) : t("raised.rule")}</Badge>
        <span className="soft small">{dayAndTime(entry.raised_at, { locale, zone })}</span>
      </span>
      <span>{sentence(entry.words)}</span>
      <span className="soft small">{t("raised.told", { count: entry.told })}</span>
      <span className="row wrap">
        {alert_id && <Button onClick={() => setQuery({ item: alert_id })}>{t("call.alert")}</Button>}
        {alert_id && <Button kind="primary" busy={busy} onClick={() => run(() => acknowledgeAlert(alert_id), t("done.acknowledged"))}>{t("do.acknowledge")}</Button>}
        {!alert_id && <Button onClick={() => setQuery({ page: "watch", item: entry.rule_id })}>{t("raised.rule.look")}</Button>}
        {!alert_id && <Button kind="primary" busy={busy} onClick={() => run(() => settleEscalation(entry.id), t("raised.settled"))}>{t("raised.settle")}</Button>}
      </span>
    </div>
  );
}
