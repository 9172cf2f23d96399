// Trained models: what the backtest of each showed, and putting one to work.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Empty } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import type { Territory } from "../types";
import { fetchModels, promoteModel, type TrainedModel } from "./api";
import { Loaded, useNumber, useRun } from "./pieces";
import { sayOr, useWatchTexts, type WatchKey } from "./words";

export function Models({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const models = useQuery({ queryKey: ["models"], queryFn: fetchModels });
  return (
    <>
      <p className="soft small">{t("models.hint")}</p>
      <Loaded of={models}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t("models.none")}>
              <span>{t("models.none.more")}</span>
              <code>firstfix model train</code>
            </Empty>
          ) : (
            <div className="page-columns">
              {all.map((one) => (
                <Card key={one.id} model={one} zone={territory.time_zone} />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function Card({ model, zone }: { model: TrainedModel; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const number = useNumber();
  const { busy, run } = useRun("models", "alerts");
  const { floors = {}, passes, ...figures } = model.card as { floors?: Record<string, boolean>; passes?: boolean } & Record<string, unknown>;
  const told = (value: unknown): string => (typeof value === "number" ? number(value, 3) : String(value));
  return (
    <article className="card stack">
      <div className="row wrap spread">
        <h2>{t("model.name", { name: model.name, number: model.number })}</h2>
        <Badge tone={model.status === "promoted" ? "ok" : "neutral"}>{t(`model.${model.status}` as WatchKey)}</Badge>
      </div>
      <p className="soft small">{t("model.made", { at: dayAndTime(model.created_at, { locale, zone }) })}</p>
      <table className="money">
        <caption>{t("model.card")}</caption>
        <tbody>
          {Object.entries(figures).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{sayOr(t, "card", name)}</th>
              <td>{told(value)}</td>
              <td>{name in floors && <Badge tone={floors[name] ? "ok" : "danger"}>{t(floors[name] ? "model.met" : "model.missed")}</Badge>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {model.status !== "promoted" && (
        <div className="stack tight">
          <div>
            <Button kind="primary" busy={busy} disabled={passes !== true} onClick={() => run(() => promoteModel(model.id), t("done.promoted"))}>{t("model.promote")}</Button>
          </div>
          <span className="soft small">{t(passes === true ? "model.promote.hint" : "model.fails")}</span>
        </div>
      )}
    </article>
  );
}
