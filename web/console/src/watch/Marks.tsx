// Where a device's readings are not taken at their word: stuck sensors, counters that began anew.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { fetchMarks } from "./api";
import { useNumber } from "./pieces";
import { sayOr, useWatchTexts } from "./words";

export function Marks({ deviceId, zone }: { deviceId: string; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const number = useNumber();
  const marks = useQuery({ queryKey: ["devices", "marks", deviceId], queryFn: () => fetchMarks(deviceId), refetchInterval: 60_000 });
  if (!marks.data?.length) return null;
  const at = (moment: string) => dayAndTime(moment, { locale, zone });
  return (
    <>
      <h3>{t("marks")}</h3>
      <ul className="stack tight">
        {marks.data.map((one) => (
          <li key={`${one.metric} ${one.reason} ${one.since}`} className="row wrap">
            <Badge tone={one.until === null ? "warn" : "neutral"}>{sayOr(t, "drop", one.reason)}</Badge>
            <strong>{one.metric.replaceAll("_", " ")}</strong>
            <span className="soft small">
              {one.until === null ? t("mark.since", { at: at(one.since) }) : one.until === one.since ? at(one.since) : t("mark.until", { since: at(one.since), until: at(one.until) })}
              {one.fell_by !== null && `, ${t("mark.fell", { value: number(one.fell_by, 2) })}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
