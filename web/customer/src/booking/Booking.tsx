// Booking in four steps: what, who, where, when. What was said is kept when the page is left and opened again.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { go } from "@firstfix/shared/router";
import { Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useWho } from "../App";
import { fetchCatalog, queries, requestWork } from "../api";
import { type CatalogEntry, questionsOf, type WorkRequest } from "../types";
import { type TextKey, useTexts } from "../words";
import { WhatStep } from "./What";
import { WhereStep } from "./Where";
import { WhoStep } from "./Who";

export interface Draft {
  description: string;
  answers: Record<string, string>;
}

const STEPS: TextKey[] = ["step.what", "step.who", "step.where", "step.when"];

export function Booking({ code }: { code: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ["catalog"], queryFn: fetchCatalog });
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={6} />;
  const entry = data.find((one) => one.code === code);
  if (!entry) {
    go("/", { replace: true });
    return null;
  }
  return <Steps entry={entry} />;
}

export function StepHead({ step, title }: { step: number; title?: string }) {
  const t = useTexts();
  return (
    <header className="stack tight">
      <p className="soft small">{t("step", { step, steps: STEPS.length })}</p>
      <span className="progress" role="presentation">
        <span style={{ width: `${(step / STEPS.length) * 100}%` }} />
      </span>
      <h1>{title ?? t(STEPS[step - 1]!)}</h1>
    </header>
  );
}

function useDraft(code: string): [Draft, (draft: Draft) => void] {
  const key = `firstfix.customer.draft.${code}`;
  const [draft, setDraft] = useState<Draft>(() => {
    const kept = sessionStorage.getItem(key);
    return kept ? (JSON.parse(kept) as Draft) : { description: "", answers: {} };
  });
  useEffect(() => sessionStorage.setItem(key, JSON.stringify(draft)), [key, draft]);
  return [draft, setDraft];
}

function Steps({ entry }: { entry: CatalogEntry }) {
  const who = useWho();
  const { locale } = useLocale();
  const [draft, setDraft] = useDraft(entry.code);
  const [said, setSaid] = useState(false);
  if (!said)
    return <WhatStep entry={entry} questions={questionsOf(entry)} draft={draft} onChange={setDraft} onDone={() => setSaid(true)} />;
  if (!who) return <WhoStep step={2} onDone={() => {}} />;
  const request = async (place: Pick<WorkRequest, "site" | "site_id" | "asset_id">): Promise<void> => {
    const { visit_id } = await requestWork({
      work_type_code: entry.code,
      description: draft.description,
      answers: Object.fromEntries(Object.entries(draft.answers).filter(([, answer]) => answer !== "")),
      ...place,
    });
    sessionStorage.removeItem(`firstfix.customer.draft.${entry.code}`);
    void queries.invalidateQueries({ queryKey: ["visits"] });
    go(`/visits/${visit_id}?choose=1`, { replace: true });
  };
  return <WhereStep key={locale} onDone={request} />;
}
