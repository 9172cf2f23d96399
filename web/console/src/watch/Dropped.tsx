// Messages that were not stored, with the reason: of one device, or of all and of unknown senders.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { Empty } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { fetchDeadLetters, fetchDrops } from "./api";
import { Loaded, useNumber } from "./pieces";
import { sayOr, useWatchTexts } from "./words";

export function Dropped({ deviceId, zone }: { deviceId: string | null; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const letters = useQuery({ queryKey: ["devices", "dropped", deviceId], queryFn: () => fetchDeadLetters(deviceId), refetchInterval: 60_000 });
  return (
    <>
      {deviceId === null && <Reasons />}
      <Loaded of={letters} lines={3}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t("dropped.none")}>{deviceId === null && t("dropped.none.more")}</Empty>
          ) : (
            <ul className="stack tight">
              {all.map((one) => (
                <li key={one.id} className="card stack tight">
                  <strong>{sayOr(t, "drop", one.reason)}</strong>
                  <span className="soft small">
                    {dayAndTime(one.received_at, { locale, zone })}, {one.topic}, {t("dropped.size", { count: one.size })}
                  </span>
                  <code className="small dropped">{one.payload}</code>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

/** How much was dropped in a week, by reason. */
function Reasons() {
  const t = useWatchTexts();
  const number = useNumber();
  const drops = useQuery({ queryKey: ["devices", "drops"], queryFn: fetchDrops });
  const found = Object.entries(drops.data?.dropped ?? {}).toSorted(([, a], [, b]) => b - a);
  if (found.length === 0) return null;
  return (
    <table className="money">
      <caption>{t("dropped.week")}</caption>
      <tbody>
        {found.map(([reason, count]) => (
          <tr key={reason}>
            <th scope="row">{sayOr(t, "drop", reason)}</th>
            <td>{number(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
