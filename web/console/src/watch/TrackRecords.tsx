// How good each rule has been.
import { Empty } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { fetchTrackRecords } from "./api";
import { Loaded } from "./pieces";
import { RecordBody, RecordHead } from "./Record";
import { useWatchTexts } from "./words";

export function TrackRecords() {
  const t = useWatchTexts();
  const records = useQuery({ queryKey: ["rules", "records"], queryFn: fetchTrackRecords, refetchInterval: 60_000 });
  return (
    <>
      <p className="soft small">{t("record.hint")}</p>
      <Loaded of={records}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t("record.none")}>{t("record.none.more")}</Empty>
          ) : (
            <div className="page-columns">
              {all.map((one) => (
                <article key={one.rule_id} className="card stack">
                  <RecordHead record={one} />
                  <RecordBody record={one} />
                </article>
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}
