// The terms that freelancers agree to: the version in force, those before, and publishing the next.
import { businessNow } from "@firstfix/shared/clock";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { addDays, isoDay, zonedInstant } from "@firstfix/shared/time";
import { Badge, Button, Empty, Field, LongText, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may } from "../api";
import type { Territory } from "../types";
import { Loaded } from "../watch/pieces";
import { fetchTerms, publishTerms, refreshTerms, type Terms } from "./api";
import { useTermsTexts } from "./words";

export function TermsPage({ territory }: { territory: Territory }) {
  const t = useTermsTexts();
  const { locale } = useLocale();
  const [isPublishing, setPublishing] = useState(false);
  const terms = useQuery({ queryKey: ["crowd", "terms"], queryFn: fetchTerms });
  const inForce = terms.data?.find((one) => new Date(one.binding_from).getTime() <= businessNow());
  const since = (one: Terms): string => new Date(one.binding_from).toLocaleDateString(locale, { timeZone: territory.time_zone, dateStyle: "long" });
  return (
    <div className="page-columns">
      <section className="stack">
        <p className="soft">{t(may("supervisor", "admin") ? "terms.hint" : "terms.hint.read")}</p>
        {may("supervisor", "admin") && terms.data && (
          <div>
            <Button kind="primary" onClick={() => setPublishing(true)}>{t("terms.new")}</Button>
          </div>
        )}
        <Loaded of={terms}>
          {(all) => (
            <>
              {all.length === 0 && <Empty title={t("terms.none")}>{t("terms.none.more")}</Empty>}
              {all.map((one) => (
                <article key={one.number} className="card stack tight">
                  <span className="row wrap spread">
                    <strong>{t("terms.version", { number: one.number, title: one.title })}</strong>
                    {one === inForce ? <Badge tone="ok">{t("terms.in_force")}</Badge> : !inForce || one.number > inForce.number ? <Badge tone="accent">{t("terms.to_come")}</Badge> : <Badge>{t("terms.before")}</Badge>}
                  </span>
                  <span className="soft small">{t("terms.binds", { day: since(one) })}</span>
                  <details open={one === inForce}>
                    <summary>{t("terms.text")}</summary>
                    <p className="lines">{one.text}</p>
                  </details>
                </article>
              ))}
            </>
          )}
        </Loaded>
      </section>
      {isPublishing && <Publish newest={terms.data?.[0] ?? null} zone={territory.time_zone} onClose={() => setPublishing(false)} />}
    </div>
  );
}

function Publish({ newest, zone, onClose }: { newest: Terms | null; zone: string; onClose: () => void }) {
  const t = useTermsTexts();
  const tell = useTell();
  const [read] = useState(newest);
  const [title, setTitle] = useState(read?.title ?? "");
  const [text, setText] = useState(read?.text ?? "");
  const [day, setDay] = useState("");
  const isSame = title.trim() === read?.title && text === read.text;
  const send = async (): Promise<void> => {
    const binding_from = day ? zonedInstant(day, "00:00", zone).toISOString() : null;
    await publishTerms(read?.number ?? 0, { title: title.trim(), text, binding_from }).finally(refreshTerms);
    tell(t("terms.published"));
  };
  return (
    <FormDialog title={t("terms.new")} submit={t("terms.publish")} disabled={!title.trim() || !text.trim() || isSame} onClose={onClose} onSubmit={send}>
      <Notice tone="warn">{t("terms.asks_again")}</Notice>
      <Field label={t("terms.title")} required maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} />
      <LongText label={t("terms.text")} required rows={12} value={text} onChange={setText} />
      <Field label={t("terms.from")} hint={t("terms.from.hint")} type="date" min={addDays(isoDay(businessNow(), zone), 1)} value={day} onChange={(event) => setDay(event.target.value)} />
    </FormDialog>
  );
}
