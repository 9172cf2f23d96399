// A recipe in a form: what a model foretells, from what it learns, how often, and by whose word it goes to work.
import { Choice, Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { queries } from "../api";
import { type NewRecipe, plainRecipe, type Recipe, saveRecipe } from "./api";
import { useWatchTexts } from "./words";

const KINDS = ["remaining_life", "failures", "repairs"] as const;
const PROMOTIONS = ["by_person", "automatic"] as const;
const EMPTY: NewRecipe = {
  name: "",
  kind: "remaining_life",
  asset_models: [],
  metrics: [],
  cycle_minutes: 60,
  fault_class: null,
  every_days: 7,
  fewest_new: 5,
  promotion: "by_person",
  active: true,
};

const listed = (text: string): string[] => text.split(",").map((one) => one.trim()).filter(Boolean);

export function EditRecipe({ recipe, onClose }: { recipe: Recipe | null; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const [wanted, setWanted] = useState<NewRecipe>(recipe ? plainRecipe(recipe) : EMPTY);
  const [models, setModels] = useState(wanted.asset_models.join(", "));
  const [metrics, setMetrics] = useState(wanted.metrics.join(", "));
  const set = (changes: Partial<NewRecipe>): void => setWanted((now) => ({ ...now, ...changes }));
  const isMeasured = wanted.kind !== "repairs";
  const send = async (): Promise<void> => {
    await saveRecipe(recipe, { ...wanted, asset_models: listed(models), metrics: isMeasured ? listed(metrics) : [] });
    tell(t("done.recipe"));
    void queries.invalidateQueries({ queryKey: ["models"] });
  };
  return (
    <FormDialog title={recipe ? t("recipe.edit", { name: recipe.name }) : t("recipes.new")} submit={t("rule.keep")} onClose={onClose} onSubmit={send}>
      {!recipe && (
        <>
          <Field label={t("recipe.name")} hint={t("recipe.name.hint")} required maxLength={80} value={wanted.name} onChange={(event) => set({ name: event.target.value })} />
          <Choice label={t("recipe.kind")} value={wanted.kind} onChange={(kind) => set({ kind: kind as NewRecipe["kind"] })} options={KINDS.map((kind) => [kind, t(`recipe.kind.${kind}`)])} />
        </>
      )}
      <Field label={t("recipe.models")} hint={t("recipe.models.hint")} required value={models} onChange={(event) => setModels(event.target.value)} />
      {isMeasured && <Field label={t("recipe.metrics")} hint={t("recipe.metrics.hint")} required value={metrics} onChange={(event) => setMetrics(event.target.value)} />}
      <Field label={t("recipe.fault")} hint={t("recipe.fault.hint")} maxLength={80} value={wanted.fault_class ?? ""} onChange={(event) => set({ fault_class: event.target.value || null })} />
      {isMeasured && <Field label={t("recipe.cycle")} type="number" min={1} max={10_080} required value={wanted.cycle_minutes} onChange={(event) => set({ cycle_minutes: Number(event.target.value) })} />}
      <div className="pair">
        <Field label={t("recipe.days")} type="number" min={1} max={366} required value={wanted.every_days} onChange={(event) => set({ every_days: Number(event.target.value) })} />
        <Field label={t("recipe.waits_for")} type="number" min={0} max={100_000} required value={wanted.fewest_new} onChange={(event) => set({ fewest_new: Number(event.target.value) })} />
      </div>
      <Choice label={t("recipe.promotion")} value={wanted.promotion} onChange={(promotion) => set({ promotion: promotion as NewRecipe["promotion"] })} options={PROMOTIONS.map((one) => [one, t(`recipe.${one}`)])} />
    </FormDialog>
  );
}
