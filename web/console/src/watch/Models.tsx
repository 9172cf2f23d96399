// Trained models: what the backtest of each showed, how good it has been in service, and putting one to work.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Empty } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import type { Territory } from "../types";
import { fetchModels, fetchTrackRecords, fetchTrainings, promoteModel, type TrainedModel, type Training } from "./api";
import { Loaded, useNumber, useRun, useSentence } from "./pieces";
import { RecordBody, RecordHead } from "./Record";
import { Recipes } from "./Recipes";
import { sayOr, useWatchTexts, type WatchKey } from "./words";

type Figures = Record<string, number | null>;
interface BacktestCard {
  floors?: Record<string, boolean>;
  passes?: boolean;
  comparison?: Record<string, { candidate: Figures; live: Figures }>;
}

export function Models({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const models = useQuery({ queryKey: ["models"], queryFn: fetchModels });
  const trainings = useQuery({ queryKey: ["models", "trainings"], queryFn: fetchTrainings });
  return (
    <>
      <p className="soft small">{t("models.hint")}</p>
      <Recipes territory={territory} />
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
                <Card key={one.id} model={one} training={trainings.data?.find((training) => training.model_id === one.id)} zone={territory.time_zone} />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function Card({ model, training, zone }: { model: TrainedModel; training: Training | undefined; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const number = useNumber();
  const sentence = useSentence();
  const { busy, run } = useRun("models", "alerts");
  const { floors = {}, passes, comparison, ...figures } = model.card as BacktestCard & Record<string, unknown>;
  const told = (value: unknown): string => (typeof value === "number" || value === null ? number(value, 3) : String(value));
  const isAtWork = model.status === "promoted";
  return (
    <article id={model.id} className="card stack">
      <div className="row wrap spread">
        <h2>{t("model.name", { name: model.name, number: model.number })}</h2>
        <Badge tone={isAtWork ? "ok" : "neutral"}>{t(`model.${model.status}` as WatchKey)}</Badge>
      </div>
      <p className="soft small">{t("model.made", { at: dayAndTime(model.created_at, { locale, zone }) })}</p>
      {training?.reason && <p>{sentence(training.reason["words"] as Record<string, string>)}</p>}
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
      {comparison && <Beside comparison={comparison} />}
      {isAtWork && <InService name={model.name} />}
      {!isAtWork && (
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

/** The candidate and the model that was at work, on what neither had learned from. */
function Beside({ comparison }: { comparison: NonNullable<BacktestCard["comparison"]> }) {
  const t = useWatchTexts();
  const number = useNumber();
  const rows = Object.entries(comparison).flatMap(([split, { candidate, live }]) => Object.keys(live).map((name) => ({ split, name, now: candidate[name], before: live[name] })));
  if (rows.length === 0) return null;
  return (
    <table className="money">
      <caption>{t("model.beside")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("model.beside.figure")}</th>
          <th scope="col">{t("model.beside.candidate")}</th>
          <th scope="col">{t("model.beside.live")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ split, name, now, before }) => (
          <tr key={split + name}>
            <th scope="row">{sayOr(t, "card", name)}, {sayOr(t, "split", split)}</th>
            <td>{number(now, 3)}</td>
            <td>{number(before, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What became of the alerts of its rules, and why one needs review first. */
function InService({ name }: { name: string }) {
  const t = useWatchTexts();
  const records = useQuery({ queryKey: ["rules", "records"], queryFn: fetchTrackRecords, refetchInterval: 60_000 });
  return (
    <section className="stack">
      <h3>{t("model.record")}</h3>
      <Loaded of={records} lines={3}>
        {(all) => {
          const own = all.filter((one) => one.model_name === name);
          if (own.length === 0) return <p className="soft">{t("model.record.none")}</p>;
          return own.map((one) => (
            <div key={one.rule_id} className="stack">
              <RecordHead record={one} as="h3" />
              <RecordBody record={one} />
            </div>
          ));
        }}
      </Loaded>
    </section>
  );
}
