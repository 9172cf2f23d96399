// The way to the alerts, with how many are open; those that cannot wait are coloured.
import { setQuery } from "@firstfix/shared/router";
import { Button } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { fetchAlerts } from "./api";
import { useWatchTexts } from "./words";

export function AlertsButton({ territoryId }: { territoryId: string }) {
  const t = useWatchTexts();
  const { data } = useQuery({ queryKey: ["alerts", territoryId, false], queryFn: () => fetchAlerts(territoryId, false), refetchInterval: 60_000 });
  const open = data?.filter((one) => !one.quiet_reason) ?? [];
  const isGrave = open.some((one) => one.severity === "critical" || one.danger !== "none");
  return (
    <Button onClick={() => setQuery({ page: "alerts", panel: null, visit: null, item: null, tab: null })}>
      <Icon name="alert" size={18} />
      {t("alerts.button")}
      {open.length > 0 && (
        <span className="count" data-worry={isGrave || undefined}>
          {open.length}
          <span className="visually-hidden"> {t("alerts.button.open")}</span>
        </span>
      )}
    </Button>
  );
}
