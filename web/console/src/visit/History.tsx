// Who changed what, when and why.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { orderWord, reasonWord, statusWord, useWords } from "@firstfix/shared/i18n/words";
import { dayAndTime } from "@firstfix/shared/time";
import { Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchHistory } from "../api";
import type { AuditEntry, BoardVisit } from "../types";
import { maybe, useTexts, whyWords } from "../words";

export function History({ visit, zone }: { visit: BoardVisit; zone: string }) {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["visit", "history", visit.id],
    queryFn: () => fetchHistory(visit.id, visit.work_order_id),
    enabled: isOpen,
  });
  return (
    <details className="fold" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("visit.history")}</summary>
      {error && !data ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {isOpen && !data && !error && <Skeleton lines={3} />}
      {data?.length === 0 && <p className="soft small">{t("visit.history.none")}</p>}
      <ol className="stack tight history">
        {data?.map((entry) => (
          <Line key={entry.id} entry={entry} zone={zone} />
        ))}
      </ol>
    </details>
  );
}

function Line({ entry, zone }: { entry: AuditEntry; zone: string }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const who = maybe(t, "actor", entry.actor.split(":")[0]!);
  return (
    <li className="stack tight">
      <span>
        <strong>{maybe(t, "audit", entry.action.toLowerCase())}</strong>{" "}
        <span className="soft">{maybe(t, "record", entry.table_name)}</span>
      </span>
      <Changes entry={entry} zone={zone} />
      {entry.why && <span>{whyWords(t, w, entry.why)}</span>}
      <span className="soft small">{t("audit.by", { who, time: dayAndTime(entry.at, { locale, zone }) })}</span>
    </li>
  );
}

/** Columns that change with every write say nothing to a person. */
const NOISE = new Set(["version", "updated_at", "created_at", "id"]);

function Changes({ entry, zone }: { entry: AuditEntry; zone: string }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const changes = Object.entries(entry.changes).filter(([column]) => !NOISE.has(column) && !column.endsWith("_id"));
  if (entry.action.toLowerCase() !== "update" || changes.length === 0) return null;
  const statusOf = entry.table_name === "work_orders" ? orderWord : statusWord;
  const shown = (column: string, value: unknown): string => {
    if (value === null || value === undefined || value === "") return "–";
    if (typeof value === "boolean") return t(value ? "value.true" : "value.false");
    if (typeof value === "string") {
      if (column === "status" || column === "held_from") return statusOf(w, value);
      if (column === "incomplete_reason") return reasonWord(w, value);
      if (column === "hold_reason") return maybe(t, "hold", value);
      if (MOMENT.test(value)) return dayAndTime(value, { locale, zone });
    }
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
  };
  return (
    <ul className="small">
      {changes.map(([column, change]) => {
        const [before, after] = Array.isArray(change) ? change : [null, change];
        return (
          <li key={column}>
            {maybe(t, "column", column)}: {shown(column, before)} → {shown(column, after)}
          </li>
        );
      })}
    </ul>
  );
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
