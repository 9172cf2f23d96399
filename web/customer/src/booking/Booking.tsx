// Booking step by step: what, who, where, when. What was said is kept when the page is left and opened again.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { go } from "@firstfix/shared/router";
import { Failure, Waiting } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useWho } from "../App";
import { askAgain, fetchCatalog, queries, requestWork } from "../api";
import { type CatalogEntry, questionsOf, type WorkRequest } from "../types";
import { stepsOf } from "./steps";
import { WhatStep } from "./What";
import { WhereStep } from "./Where";
import { WhoStep } from "./Who";

export interface Draft {
  description: string;
  answers: Record<string, string>;
}

export function Booking({ code }: { code: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ["catalog"], queryFn: fetchCatalog });
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Waiting lines={6} onRetry={() => void askAgain("catalog")} />;
  const entry = data.find((one) => one.code === code);
  if (!entry) {
    go("/", { replace: true });
    return null;
  }
  return <Steps entry={entry} />;
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
  const [steps] = useState(() => stepsOf(who !== null));
  if (!said)
    return <WhatStep entry={entry} steps={steps} questions={questionsOf(entry)} draft={draft} onChange={setDraft} onDone={() => setSaid(true)} />;
  if (!who) return <WhoStep steps={steps} onDone={() => {}} />;
  const request = async (place: Pick<WorkRequest, "site" | "site_id" | "asset_id">): Promise<void> => {
    const { visit_id } = await requestWork({
      work_type_code: entry.code,
      description: draft.description,
      answers: Object.fromEntries(Object.entries(draft.answers).filter(([, answer]) => answer !== "")),
      ...place,
    });
    sessionStorage.removeItem(`firstfix.customer.draft.${entry.code}`);
    void queries.invalidateQueries({ queryKey: ["visits"] });
    go(`/visits/${visit_id}?choose=1&steps=${steps.length}`, { replace: true });
  };
  return <WhereStep key={locale} steps={steps} onDone={request} />;
}
