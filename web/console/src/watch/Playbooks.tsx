// The decision table: what is done about each kind of fault, row by row.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Badge, Button, Choice, Empty, Field, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchWorkTypes, queries } from "../api";
import { dropPlaybook, fetchPlaybooks, type NewPlaybook, type Playbook, savePlaybook } from "./api";
import { Loaded, useRun } from "./pieces";
import { useWatchTexts } from "./words";

const EMPTY: NewPlaybook = {
  fault_class: "",
  criticality: 1,
  danger: false,
  remote_command: null,
  retest_minutes: 15,
  first_step: "message",
  offers_remote: false,
  offers_ignore: true,
  work_type_code: null,
  loan_work_type_code: null,
  collect_work_type_code: null,
  workaround: null,
  floor_minutes: 60,
  parts_lead_hours: 0,
  failure_cents: 0,
};

export function Playbooks() {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const playbooks = useQuery({ queryKey: ["rules", "playbooks"], queryFn: fetchPlaybooks });
  const [editing, setEditing] = useState<Playbook | "new" | null>(null);
  const { busy, run } = useRun("rules");
  const euros = (cents: number): string => new Intl.NumberFormat(locale).format(cents / 100);
  return (
    <>
      <p className="soft small">{t("playbooks.hint")}</p>
      <div>
        <Button kind="primary" onClick={() => setEditing("new")}>{t("playbooks.new")}</Button>
      </div>
      <Loaded of={playbooks}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t("playbooks.none")}>{t("playbooks.none.more")}</Empty>
          ) : (
            <div className="scroll card">
              <table className="money decisions">
                <thead>
                  <tr>
                    <th scope="col">{t("alert.class")}</th>
                    <th scope="col">{t("playbook.criticality")}</th>
                    <th scope="col">{t("playbook.remote")}</th>
                    <th scope="col">{t("playbook.then")}</th>
                    <th scope="col">{t("playbook.choices")}</th>
                    <th scope="col">{t("rule.work")}</th>
                    <th scope="col">{t("playbook.sooner")}</th>
                    <th scope="col">{t("playbook.parts")}</th>
                    <th scope="col">{t("playbook.failure")}</th>
                    <th scope="col"><span className="visually-hidden">{t("actions")}</span></th>
                  </tr>
                </thead>
                <tbody>
                  {all.map((one) => (
                    <tr key={one.id}>
                      <th scope="row">
                        <button type="button" className="link" onClick={() => setEditing(one)}>{one.fault_class.replaceAll("_", " ")}</button> {one.danger && <Badge tone="danger">{t("playbook.danger")}</Badge>}
                      </th>
                      <td>{t("playbook.from", { count: one.criticality })}</td>
                      <td>{one.remote_command ? t("playbook.remote.is", { name: one.remote_command, count: one.retest_minutes }) : "–"}</td>
                      <td>{t(`step.${one.first_step}`)}</td>
                      <td>{[t("choice.slot"), one.offers_remote && t("choice.remote"), one.offers_ignore && t("choice.ignore")].filter(Boolean).join(", ")}</td>
                      <td>{one.work_type_code ?? t("playbook.work.rule")}</td>
                      <td>{t("minutes", { count: one.floor_minutes })}</td>
                      <td>{t("hours", { count: one.parts_lead_hours })}</td>
                      <td>{euros(one.failure_cents)}</td>
                      <td>
                        <span className="row">
                          <Button aria-label={t("playbook.edit", { name: one.fault_class })} onClick={() => setEditing(one)}>{t("edit")}</Button>
                          <Button busy={busy} aria-label={t("playbook.remove", { name: one.fault_class })} onClick={() => run(() => dropPlaybook(one.id), t("done.removed"))}>{t("remove")}</Button>
                        </span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {editing && <Edit before={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}

const STEPS = ["message", "work_order"] as const;

function Edit({ before, onClose }: { before: Playbook | null; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const workTypes = useQuery({ queryKey: ["work-types"], queryFn: fetchWorkTypes }).data ?? [];
  const [wanted, setWanted] = useState<NewPlaybook>(() => (before ? fieldsOf(before) : EMPTY));
  const set = (changes: Partial<NewPlaybook>): void => setWanted((now) => ({ ...now, ...changes }));
  const send = async (): Promise<void> => {
    await savePlaybook(before, wanted);
    tell(t("done.playbook"));
    void queries.invalidateQueries({ queryKey: ["rules"] });
  };
  const check = (key: "danger" | "offers_remote" | "offers_ignore", words: string, isOff = false) => (
    <label className="check">
      <input type="checkbox" checked={wanted[key] ?? false} disabled={isOff} onChange={(event) => set({ [key]: event.target.checked, ...(key === "danger" && event.target.checked ? { offers_ignore: false } : {}) })} />
      {words}
    </label>
  );
  const work = (key: "loan_work_type_code" | "collect_work_type_code", words: string) => (
    <Choice label={words} value={wanted[key] ?? ""} onChange={(value) => set({ [key]: value || null })} options={[["", "–"], ...workTypes.map((one) => [one.code, one.name] as const)]} />
  );
  const number = (key: "retest_minutes" | "floor_minutes" | "parts_lead_hours", words: string, min: number) => (
    <Field label={words} type="number" min={min} required value={wanted[key] ?? 0} onChange={(event) => set({ [key]: Number(event.target.value) })} />
  );
  return (
    <FormDialog title={before ? t("playbook.edit", { name: before.fault_class }) : t("playbooks.new")} submit={t("rule.keep")} onClose={onClose} onSubmit={send}>
      <Field label={t("alert.class")} hint={t("playbook.class.hint")} required value={wanted.fault_class} onChange={(event) => set({ fault_class: event.target.value })} />
      <Choice label={t("playbook.criticality")} value={String(wanted.criticality)} onChange={(value) => set({ criticality: Number(value) })} options={[1, 2, 3, 4, 5].map((one) => [String(one), t("playbook.from", { count: one })] as const)} />
      {check("danger", t("playbook.is_danger"))}
      <fieldset className="stack">
        <legend>{t("playbook.remote")}</legend>
        <Field label={t("command.name")} hint={t("playbook.remote.hint")} pattern="[a-z][a-z0-9_]*" value={wanted.remote_command ?? ""} onChange={(event) => set({ remote_command: event.target.value || null, ...(event.target.value ? {} : { offers_remote: false }) })} />
        {wanted.remote_command && number("retest_minutes", t("playbook.retest"), 1)}
      </fieldset>
      <Choice label={t("playbook.then")} value={wanted.first_step ?? "message"} onChange={(value) => set({ first_step: value as (typeof STEPS)[number] })} options={STEPS.map((one) => [one, t(`step.${one}`)] as const)} />
      <fieldset className="stack tight">
        <legend>{t("playbook.choices")}</legend>
        {check("offers_remote", t("choice.remote"), !wanted.remote_command)}
        {check("offers_ignore", t("choice.ignore"), wanted.danger)}
      </fieldset>
      <Choice label={t("rule.work")} value={wanted.work_type_code ?? ""} onChange={(value) => set({ work_type_code: value || null })} options={[["", t("playbook.work.rule")], ...workTypes.map((one) => [one.code, one.name] as const)]} />
      <div className="pair">
        {work("loan_work_type_code", t("playbook.loan"))}
        {work("collect_work_type_code", t("playbook.collect"))}
      </div>
      {(["en", "de"] as const).map((language) => (
        <LongText key={language} label={t(`playbook.workaround.${language}`)} rows={2} value={wanted.workaround?.[language] ?? ""} onChange={(text) => set({ workaround: told({ ...wanted.workaround, [language]: text }) })} />
      ))}
      <div className="pair">
        {number("floor_minutes", t("playbook.sooner.minutes"), 0)}
        {number("parts_lead_hours", t("playbook.parts.hours"), 0)}
      </div>
      <Field label={t("playbook.failure")} type="number" min={0} step="any" required value={(wanted.failure_cents ?? 0) / 100} onChange={(event) => set({ failure_cents: Math.round(Number(event.target.value) * 100) })} />
    </FormDialog>
  );
}

/** Languages with words; null when there are none. */
function told(words: Record<string, string>): Record<string, string> | null {
  const said = Object.entries(words).filter(([, text]) => text !== "");
  return said.length > 0 ? Object.fromEntries(said) : null;
}

function fieldsOf({ id: _id, version: _version, ...fields }: Playbook): NewPlaybook {
  return fields;
}
