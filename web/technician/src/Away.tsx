// Days on which one is away: nobody is asked or planned for them.
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { addDays, dayName, isoDay, zonedInstant } from "@firstfix/shared/time";
import { Badge, Button, Choice, Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { queries, reportAway, withdrawAway } from "./api";
import { useShared } from "./state";
import type { OwnFile } from "./types";
import { type TextKey, useTexts } from "./words";

const KINDS = ["holiday", "illness", "other"] as const;
const refresh = (): void => {
  for (const key of ["file", "day", "offers"]) void queries.invalidateQueries({ queryKey: [key] });
};

export function Away({ absences }: { absences: OwnFile["absences"] }) {
  const t = useTexts();
  const { locale } = useLocale();
  const { day } = useShared();
  const zoned = { locale, zone: day?.value.time_zone };
  const { busy, act } = useDo(refresh);
  const [isAdding, setAdding] = useState(false);
  const span = (one: OwnFile["absences"][number]): string => {
    const [first, last] = [dayName(one.starts_at, zoned), dayName(Date.parse(one.ends_at) - 1, zoned)];
    return first === last ? first : `${first} – ${last}`;
  };
  return (
    <section className="card stack tight">
      <span className="row spread">
        <h2>{t("away")}</h2>
        <Button kind="quiet" aria-label={`${t("away")}: ${t("file.add")}`} onClick={() => setAdding(true)}>
          {t("file.add")}
        </Button>
      </span>
      {absences.length === 0 && <p className="soft">{t("away.none")}</p>}
      {absences.map((one) => (
        <p key={one.id} className="row spread">
          <span>
            {span(one)} <Badge>{t(`away.${one.kind}` as TextKey)}</Badge>
          </span>
          {one.kind !== "rest" && (
            <Button kind="quiet" busy={busy} aria-label={`${span(one)}: ${t("away.remove")}`} onClick={() => act(() => withdrawAway(one.id), t("file.saved"))}>
              {t("away.remove")}
            </Button>
          )}
        </p>
      ))}
      {isAdding && <AwayForm zone={zoned.zone} onClose={() => setAdding(false)} />}
    </section>
  );
}

function AwayForm({ zone = "UTC", onClose }: { zone: string | undefined; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const today = isoDay(businessNow(), zone);
  const [kind, setKind] = useState<(typeof KINDS)[number]>("holiday");
  const [first, setFirst] = useState(addDays(today, 1));
  const [last, setLast] = useState(addDays(today, 1));
  const send = async (): Promise<void> => {
    const [starts_at, ends_at] = [first, addDays(last, 1)].map((day) => zonedInstant(day, "00:00", zone).toISOString()) as [string, string];
    await reportAway({ kind, starts_at, ends_at, reason: "" });
    tell(t("file.saved"));
    refresh();
  };
  return (
    <FormDialog title={t("away")} submit={t("file.add")} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("away.hint")}</p>
      <Choice label={t("away.kind")} value={kind} onChange={(value) => setKind(value as typeof kind)} options={KINDS.map((one) => [one, t(`away.${one}`)])} />
      <Field label={t("away.first")} type="date" required min={today} value={first} onChange={(e) => (setFirst(e.target.value), e.target.value > last && setLast(e.target.value))} />
      <Field label={t("away.last")} type="date" required min={first} value={last} onChange={(e) => setLast(e.target.value)} />
    </FormDialog>
  );
}
