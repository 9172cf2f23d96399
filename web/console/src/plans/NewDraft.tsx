// Asking what a plan would do, without doing it.
import { addDays, isoDay, zonedInstant } from "@firstfix/shared/time";
import { businessNow } from "@firstfix/shared/clock";
import { Choice } from "@firstfix/shared/ui/controls";
import { FormDialog } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { queries, requestDraft } from "../api";
import { type Board, useTerritories } from "../state";
import { useTexts } from "../words";
import { showPlan, usePolicies } from "./state";

const DAYS = ["1", "2", "3", "5", "7"];
const SECONDS = ["5", "15", "60"];
const EVERY = "every";
const IN_FORCE = "in force";

export function NewDraft({ board, onClose }: { board: Board; onClose: () => void }) {
  const t = useTexts();
  const territories = useTerritories();
  const [first, setFirst] = useState(board.day);
  const [days, setDays] = useState("1");
  const [territory, setTerritory] = useState(board.territory.id);
  const [seconds, setSeconds] = useState("15");
  const [policy, setPolicy] = useState(IN_FORCE);
  const policies = usePolicies();
  const today = isoDay(businessNow(), board.zone);
  const choices = [...new Set([board.day, today, addDays(today, 1)])].filter((day) => day >= today).sort();
  const start = first < today ? today : first;
  const send = async (): Promise<void> => {
    const all = territories.data?.map((one) => one.id) ?? [];
    const made = await requestDraft({
      territoryIds: territory === EVERY ? all : [territory],
      start: start === today ? null : zonedInstant(start, "00:00", board.zone).toISOString(),
      end: zonedInstant(addDays(start, Number(days)), "00:00", board.zone).toISOString(),
      seconds: Number(seconds),
      policy: policy === IN_FORCE ? null : policy,
    });
    void queries.invalidateQueries({ queryKey: ["plan"] });
    showPlan(made.id);
  };
  return (
    <FormDialog title={t("plans.new")} submit={t("plans.make")} onClose={onClose} onSubmit={send}>
      <p className="soft small">{t("plans.new.hint")}</p>
      <Choice label={t("plans.from")} value={start} onChange={setFirst} options={choices.map((day) => [day, day === today ? t("day.today") : day] as const)} />
      <Choice label={t("plans.days")} value={days} onChange={setDays} options={DAYS.map((one) => [one, t("plans.days.count", { count: Number(one) })] as const)} />
      <Choice
        label={t("territory")}
        value={territory}
        onChange={setTerritory}
        options={[...(territories.data ?? []).map((one) => [one.id, one.name] as const), [EVERY, t("plans.every")]]}
      />
      <Choice
        label={t("plans.policy")}
        value={policy}
        onChange={setPolicy}
        options={[
          [IN_FORCE, t("plans.policy.in.force")],
          ...(policies.data ?? []).map(({ name, number }) => [`${name}@${number}`, t("plans.policy.version", { name, number })] as const),
        ]}
      />
      <Choice label={t("plans.search")} value={seconds} onChange={setSeconds} options={SECONDS.map((one) => [one, t("plans.seconds", { count: Number(one) })] as const)} />
    </FormDialog>
  );
}
