// What follows when a customer does not answer, for each danger: step by step to what is done without an answer.
import { Button, Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may, queries } from "../api";
import { fetchLadders, type Ladder, setLadder } from "./api";
import { isNeeded, type Rung, rungsOf, stepsOf } from "./ladder";
import { Loaded } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

export function Ladders() {
  const t = useWatchTexts();
  const ladders = useQuery({ queryKey: ["rules", "ladders"], queryFn: fetchLadders });
  const [editing, setEditing] = useState<Ladder | null>(null);
  return (
    <>
      <p className="soft small">{t("ladders.hint")}</p>
      <Loaded of={ladders}>
        {(all) => (
          <div className="page-columns">
            {all.map((one) => (
              <article key={one.danger} className="card stack">
                <h2>{t(`ladders.of.${one.danger}` as WatchKey)}</h2>
                <ol className="stack tight">
                  {one.steps.map((step) => (
                    <li key={step.kind} className="row wrap spread">
                      <span>{t(stepKey(step.kind, one.danger))}</span>
                      <span className="soft small">{step.wait_percent === 0 ? t("ladders.at_once") : t("ladders.wait", { percent: step.wait_percent })}</span>
                    </li>
                  ))}
                </ol>
                {may("admin") && (
                  <div>
                    <Button aria-label={t("ladders.edit", { name: t(`ladders.of.${one.danger}` as WatchKey) })} onClick={() => setEditing(one)}>{t("edit")}</Button>
                  </div>
                )}
              </article>
            ))}
          </div>
        )}
      </Loaded>
      {editing && <Edit ladder={editing} onClose={() => setEditing(null)} />}
    </>
  );
}

const stepKey = (kind: string, danger: Ladder["danger"]): WatchKey =>
  (kind === "default" ? `ladders.end.${danger === "none" ? "rule" : "visit"}` : `ladders.step.${kind}`) as WatchKey;

function Edit({ ladder, onClose }: { ladder: Ladder; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const [rungs, setRungs] = useState(() => rungsOf(ladder.steps));
  const set = (kind: Rung["kind"], changes: Partial<Rung>): void => setRungs((now) => now.map((one) => (one.kind === kind ? { ...one, ...changes } : one)));
  const send = async (): Promise<void> => {
    await setLadder(ladder.danger, stepsOf(rungs));
    tell(t("done.ladder"));
    void queries.invalidateQueries({ queryKey: ["rules"] });
  };
  return (
    <FormDialog title={t("ladders.edit", { name: t(`ladders.of.${ladder.danger}` as WatchKey) })} submit={t("rule.keep")} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("ladders.edit.hint")}</p>
      {rungs.map((one) => {
        const words = t(stepKey(one.kind, ladder.danger));
        const isFixed = isNeeded(one.kind, ladder.danger) && one.isTaken;
        return (
          <fieldset key={one.kind} className="stack tight">
            <legend>{words}</legend>
            <label className="check">
              <input type="checkbox" checked={one.isTaken} disabled={isFixed} onChange={(event) => set(one.kind, { isTaken: event.target.checked })} />
              {t(isFixed ? "ladders.needed" : "ladders.taken")}
            </label>
            {one.isTaken && (
              <Field label={t("ladders.percent")} type="number" min={0} max={10000} step={1} required value={one.wait_percent} onChange={(event) => set(one.kind, { wait_percent: Number(event.target.value) })} />
            )}
          </fieldset>
        );
      })}
    </FormDialog>
  );
}
