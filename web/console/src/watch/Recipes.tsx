// What models are trained from again and again: when, by whose word they go to work, and the training under way.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Empty, type Tone } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may } from "../api";
import type { Territory } from "../types";
import { cancelTraining, fetchRecipes, fetchTrainings, plainRecipe, type Recipe, saveRecipe, type Training, trainNow } from "./api";
import { EditRecipe } from "./EditRecipe";
import { Facts, Loaded, useNumber, useRun, useSentence } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

const TONES: Record<string, Tone> = { waiting: "neutral", running: "accent", done: "ok", failed: "danger", cancelled: "neutral" };
const mayWrite = (): boolean => may("supervisor", "admin");
const isOpen = (training: Training | undefined): boolean => training?.status === "waiting" || training?.status === "running";

export function Recipes({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const recipes = useQuery({ queryKey: ["models", "recipes"], queryFn: fetchRecipes });
  const trainings = useQuery({ queryKey: ["models", "trainings"], queryFn: fetchTrainings, refetchInterval: (query) => (query.state.data?.some(isOpen) ? 2_000 : 60_000) });
  const [editing, setEditing] = useState<Recipe | "new" | null>(null);
  return (
    <section className="stack">
      <span className="row wrap spread">
        <h2>{t("recipes")}</h2>
        {mayWrite() && <Button onClick={() => setEditing("new")}>{t("recipes.new")}</Button>}
      </span>
      <Loaded of={recipes} lines={3}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t("recipes.none")}>
              <span>{t("recipes.none.more")}</span>
            </Empty>
          ) : (
            <div className="page-columns">
              {all.map((one) => (
                <Card key={one.id} recipe={one} last={trainings.data?.find((training) => training.recipe_id === one.id)} zone={territory.time_zone} onEdit={() => setEditing(one)} />
              ))}
            </div>
          )
        }
      </Loaded>
      {editing && <EditRecipe recipe={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </section>
  );
}

function Card({ recipe, last, zone, onEdit }: { recipe: Recipe; last: Training | undefined; zone: string; onEdit: () => void }) {
  const t = useWatchTexts();
  const number = useNumber();
  const { busy, run } = useRun("models");
  return (
    <article className="card stack">
      <div className="row wrap spread">
        <h3>{recipe.name}</h3>
        <span className="soft small">{recipe.active ? t("recipe.every", { count: recipe.every_days }) : t("recipe.paused")}</span>
      </div>
      <Facts
        rows={[
          [t("recipe.from"), [...recipe.asset_models, ...recipe.metrics.map((one) => one.replaceAll("_", " "))].join(", ")],
          [t("recipe.waits_for"), number(recipe.fewest_new)],
        ]}
      />
      <p>{t(`recipe.${recipe.promotion}`)}</p>
      {last && <Last training={last} zone={zone} />}
      <div className="row wrap">
        {isOpen(last) ? (
          <Button busy={busy} onClick={() => run(() => cancelTraining(last!.id), t("done.training.cancelled"))}>{t("training.cancel")}</Button>
        ) : (
          <Button kind="primary" busy={busy} onClick={() => run(() => trainNow(recipe.id), t("done.training"))}>{t("recipe.train")}</Button>
        )}
        {mayWrite() && (
          <>
            <Button aria-label={t("recipe.edit", { name: recipe.name })} onClick={onEdit}>{t("edit")}</Button>
            <Button busy={busy} onClick={() => run(() => saveRecipe(recipe, { ...plainRecipe(recipe), active: !recipe.active }), t(recipe.active ? "done.recipe.off" : "done.recipe.on"))}>
              {t(recipe.active ? "recipe.off" : "recipe.on")}
            </Button>
          </>
        )}
      </div>
    </article>
  );
}

/** The last training: how far it is, or what came of it. */
function Last({ training, zone }: { training: Training; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const sentence = useSentence();
  return (
    <div className="stack tight">
      <div className="row wrap">
        <Badge tone={TONES[training.status] ?? "neutral"}>{t(`training.${training.status}`)}</Badge>
        <span className="soft small">
          {dayAndTime(training.finished_at ?? training.created_at, { locale, zone })}
          {training.labels !== null && `, ${t("training.labels", { count: training.labels })}`}
        </span>
      </div>
      {training.status === "running" && (
        <>
          <progress value={training.progress} max={1} aria-label={t("training.progress")} />
          {training.step && <span className="small">{t(`training.step.${training.step}` as WatchKey)}</span>}
        </>
      )}
      {training.reason && <p>{sentence(training.reason["words"] as Record<string, string>)}</p>}
      {training.model_id && <a href={`#${training.model_id}`}>{t("training.card")}</a>}
    </div>
  );
}
