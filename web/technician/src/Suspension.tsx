// Why one gets no work, until when one is answered, and the appeal against it.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayName } from "@firstfix/shared/time";
import { Badge, Button, Failure, LongText, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { appeal, fetchSuspensions, queries } from "./api";
import { useTexts } from "./words";

/** Nothing for whoever was never suspended. */
export function Suspension() {
  const t = useTexts();
  const { locale } = useLocale();
  const { data, error } = useQuery({ queryKey: ["file", "suspensions"], queryFn: fetchSuspensions });
  const [appealed, setAppealed] = useState<string | null>(null);
  if (error) return <Failure error={error} />;
  const present = data?.find((one) => one.suspension.status === "in_force");
  if (!present) return null;
  const { suspension, appeals } = present;
  return (
    <section className="card stack tight">
      <h2>{t("suspension")}</h2>
      <p>{t("suspension.why", { why: suspension.reason })}</p>
      {suspension.ends_at && <p className="soft">{t("suspension.until", { day: dayName(suspension.ends_at, { locale }) })}</p>}
      {appeals.map((one) => (
        <div key={one.id} className="stack tight">
          <span className="row wrap">
            <Badge tone={one.status === "open" ? "accent" : one.status === "granted" ? "ok" : "neutral"}>{t(`appeal.${one.status}`)}</Badge>
            {one.status === "open" && <span className="soft small">{t("appeal.by", { day: dayName(one.answer_by, { locale }) })}</span>}
          </span>
          <span>{one.words}</span>
          {one.answer && <Notice>{one.answer}</Notice>}
        </div>
      ))}
      {appeals.every((one) => one.status !== "open") && (
        <div>
          <Button onClick={() => setAppealed(suspension.id)}>{t("appeal")}</Button>
        </div>
      )}
      {appealed && <AppealForm id={appealed} onClose={() => setAppealed(null)} />}
    </section>
  );
}

function AppealForm({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const [words, setWords] = useState("");
  const send = async (): Promise<void> => {
    await appeal(id, words.trim());
    tell(t("appeal.sent"));
    void queries.invalidateQueries({ queryKey: ["file"] });
  };
  return (
    <FormDialog title={t("appeal")} submit={t("review.send")} disabled={words.trim().length < 3} onClose={onClose} onSubmit={send}>
      <p>{t("appeal.lead")}</p>
      <LongText label={t("appeal.words")} value={words} onChange={setWords} required />
    </FormDialog>
  );
}
