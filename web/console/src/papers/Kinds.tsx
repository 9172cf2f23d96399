// Kinds of credentials: what each is called, who gets no work without it, and when holders are reminded.
import { Badge, Button, Empty, Field, Notice } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useState } from "react";
import { may } from "../api";
import type { Territory } from "../types";
import { Loaded } from "../watch/pieces";
import { describeKind, type Employment, type Kind, refreshPapers, useKinds } from "./api";
import { daysOf, kindOf } from "./kinds";
import { PersonsProofs } from "./Person";
import { usePaperTexts } from "./words";

const EMPLOYMENTS: Employment[] = ["in_house", "partner", "freelance"];

export function Kinds({ territory }: { territory: Territory }) {
  const t = usePaperTexts();
  const kinds = useKinds();
  const [editing, setEditing] = useState<Kind | "new" | null>(null);
  const mayChange = may("supervisor", "admin");
  return (
    <div className="page-columns">
      <section className="stack">
        <p className="soft">{t(mayChange ? "kinds.hint" : "kinds.hint.read")}</p>
        {mayChange && (
          <div>
            <Button kind="primary" onClick={() => setEditing("new")}>{t("kind.new")}</Button>
          </div>
        )}
        <Loaded of={kinds}>
          {(all) => (
            <>
              {all.length === 0 && <Empty title={t("kinds.none")}>{t("kinds.none.more")}</Empty>}
              {all.map((one) => (
                <article key={one.kind} className="card stack tight">
                  <span className="row wrap spread">
                    <strong>{one.name}</strong>
                    {one.required_of.length === 0 && <Badge>{t("kind.optional")}</Badge>}
                  </span>
                  {one.required_of.length > 0 && (
                    <span className="row wrap">
                      {t("kind.required")}
                      {one.required_of.map((who) => (
                        <Badge key={who} tone="accent">{t(`of.${who}`)}</Badge>
                      ))}
                    </span>
                  )}
                  <span className="soft small">{one.remind_days.length ? t("kind.reminds", { days: one.remind_days.join(", ") }) : t("kind.reminds.never")}</span>
                  {mayChange && (
                    <div>
                      <Button aria-label={t("kind.edit", { name: one.name })} onClick={() => setEditing(one)}>{t("kind.change")}</Button>
                    </div>
                  )}
                </article>
              ))}
            </>
          )}
        </Loaded>
      </section>
      {may("dispatcher", "supervisor", "admin") && <PersonsProofs territory={territory} />}
      {editing && <Edit before={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </div>
  );
}

function Edit({ before, onClose }: { before: Kind | null; onClose: () => void }) {
  const t = usePaperTexts();
  const tell = useTell();
  const [name, setName] = useState(before?.name ?? "");
  const [required, setRequired] = useState<Employment[]>(before?.required_of ?? []);
  const [reminders, setReminders] = useState((before?.remind_days ?? [30, 7, 1]).join(", "));
  const kind = before?.kind ?? kindOf(name);
  const days = daysOf(reminders);
  const added = required.filter((one) => !before?.required_of.includes(one));
  const send = async (): Promise<void> => {
    await describeKind(kind, before, { name: name.trim(), required_of: required, remind_days: days! });
    tell(t("kind.kept"));
    refreshPapers();
  };
  const toggle = (who: Employment): void => setRequired(required.includes(who) ? required.filter((one) => one !== who) : [...required, who]);
  return (
    <FormDialog title={before ? t("kind.edit", { name: before.name }) : t("kind.new")} submit={t("kind.keep")} disabled={!kind || !name.trim() || !days} onClose={onClose} onSubmit={send}>
      <Field label={t("kind.name")} required maxLength={200} value={name} problem={name.trim() && !kind ? t("kind.name.problem") : undefined} onChange={(event) => setName(event.target.value)} />
      <fieldset className="stack tight">
        <legend>{t("kind.required.who")}</legend>
        {EMPLOYMENTS.map((who) => (
          <label key={who} className="check">
            <input type="checkbox" checked={required.includes(who)} onChange={() => toggle(who)} />
            {t(`of.${who}`)}
          </label>
        ))}
      </fieldset>
      {added.length > 0 && <Notice tone="warn">{t("kind.bars")}</Notice>}
      <Field label={t("kind.remind")} hint={t("kind.remind.hint")} problem={days ? undefined : t("kind.remind.problem")} value={reminders} onChange={(event) => setReminders(event.target.value)} />
    </FormDialog>
  );
}
