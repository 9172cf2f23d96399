// What a rule would have done on stored history.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime, shortSpan } from "@firstfix/shared/time";
import { Notice } from "@firstfix/shared/ui/controls";
import type { DryRun } from "./api";
import { useNumber, useSentence } from "./pieces";
import { useWatchTexts } from "./words";

const SHOWN = 20;

export function DryRunResult({ result, zone }: { result: DryRun; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const sentence = useSentence();
  const number = useNumber();
  const lasted = (fired: string, cleared: string | null): string => (cleared ? shortSpan(Date.parse(cleared) - Date.parse(fired)) : t("try.lasts"));
  return (
    <div className="stack tight" role="status">
      <Notice tone={result.times === 0 ? "neutral" : "accent"}>
        <strong>{sentence(result.words)}</strong>
        <span className="small">{t("try.readings", { count: result.readings })}</span>
        {!result.is_complete && <span className="small">{t("try.incomplete")}</span>}
        {result.readings === 0 && <span>{t("try.nothing")}</span>}
      </Notice>
      {result.episodes.length > 0 && (
        <div className="scroll">
          <table className="money">
            <thead>
              <tr>
                <th scope="col">{t("alert.asset")}</th>
                <th scope="col">{t("alert.since")}</th>
                <th scope="col">{t("try.lasted")}</th>
                <th scope="col">{t("try.value")}</th>
              </tr>
            </thead>
            <tbody>
              {result.episodes.slice(0, SHOWN).map((one) => (
                <tr key={one.device_id + one.fired_at}>
                  <th scope="row">{one.asset_name}</th>
                  <td>{dayAndTime(one.fired_at, { locale, zone })}</td>
                  <td>{lasted(one.fired_at, one.cleared_at)}</td>
                  <td>{number(one.value, 2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
