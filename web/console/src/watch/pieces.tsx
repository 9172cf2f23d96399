// Small pieces that the pages about machines share.
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { isoDay, clockTime, zonedInstant } from "@firstfix/shared/time";
import { Button, Failure, Field, Skeleton, type Tone } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ComponentType, type ReactNode, useState } from "react";
import { queries } from "../api";
import type { Territory } from "../types";
import { useWatchTexts } from "./words";

/** What was asked for, once it is there; until then a skeleton, or the failure with a way on. */
export function Loaded<T>({ of, lines = 5, children }: { of: UseQueryResult<T>; lines?: number; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  return of.error ? <Failure error={of.error} onRetry={() => void of.refetch()} /> : <Skeleton lines={lines} />;
}

/** A list beside what is chosen from it; a phone shows one of the two. */
export function ListAndOne({ list, chosen }: { list: ReactNode; chosen: ReactNode }) {
  const t = useWatchTexts();
  return (
    <div className={chosen ? "page-columns list-first" : undefined} data-chosen={chosen ? "" : undefined}>
      <section className={chosen ? "stack" : "picks"}>{list}</section>
      {chosen && (
        <section className="stack">
          <div className="one-back">
            <Button onClick={() => setQuery({ item: null })}>
              <Icon name="back" size={18} />
              {t("back")}
            </Button>
          </div>
          {chosen}
        </section>
      )}
    </div>
  );
}

/** Does something, tells what came of it, and shows the newest state. */
export function useRun(...keys: string[]): { busy: boolean; run: (work: () => Promise<unknown>, done: string) => void } {
  const w = useWords();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const run = (work: () => Promise<unknown>, done: string): void => {
    setBusy(true);
    void work()
      .then(() => tell(done), (error: unknown) => tell(failureWords(w, error)))
      .finally(() => {
        setBusy(false);
        for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
      });
  };
  return { busy, run };
}

export interface Moment {
  day: string;
  time: string;
}

export const momentOf = (at: number, zone: string): Moment => ({ day: isoDay(at, zone), time: clockTime(at, { locale: "en-GB", zone }) });
export const instantOf = ({ day, time }: Moment, zone: string): string => zonedInstant(day, time, zone).toISOString();

/** A day and a time of the territory. */
export function MomentField({ label, value, onChange }: { label: string; value: Moment; onChange: (value: Moment) => void }) {
  const t = useWatchTexts();
  return (
    <div className="pair">
      <Field label={label} type="date" required value={value.day} onChange={(event) => onChange({ ...value, day: event.target.value })} />
      <Field label={t("time")} type="time" required value={value.time} onChange={(event) => onChange({ ...value, time: event.target.value })} />
    </div>
  );
}

export function Facts({ rows }: { rows: (readonly [label: string, content: ReactNode] | false)[] }) {
  return (
    <dl className="facts">
      {rows.map(
        (row) =>
          row && (
            <div key={row[0]}>
              <dt>{row[0]}</dt>
              <dd>{row[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

export interface Tab<K extends string> {
  key: K;
  words: string;
}

export function Tabs<K extends string>({ label, tabs, value, onChange }: { label: string; tabs: Tab<K>[]; value: K; onChange: (key: K) => void }) {
  return (
    <div className="row wrap page-tabs" role="group" aria-label={label}>
      {tabs.map((tab) => (
        <Button key={tab.key} aria-pressed={tab.key === value} onClick={() => onChange(tab.key)}>
          {tab.words}
        </Button>
      ))}
    </div>
  );
}

interface TabbedProps {
  label: string;
  tabs: (Tab<string> & { Content: ComponentType<{ territory: Territory }> })[];
  territory: Territory;
}

/** A page of tabs, of which the address names one; without a name the first is shown. */
export function TabbedPage({ label, tabs, territory }: TabbedProps) {
  const wanted = usePlace().query.get("tab");
  const shown = tabs.find((one) => one.key === wanted) ?? tabs[0]!;
  return (
    <>
      {tabs.length > 1 && <Tabs label={label} value={shown.key} onChange={(tab) => setQuery({ tab, item: null })} tabs={tabs} />}
      <shown.Content territory={territory} />
    </>
  );
}

/** The server's sentence in the reader's language. */
export function useSentence(): (words: Record<string, string> | null | undefined) => string {
  const { language } = useLocale();
  return (words) => words?.[language] ?? words?.["en"] ?? "";
}

export function useNumber(): (value: number | null | undefined, digits?: number) => string {
  const { locale } = useLocale();
  return (value, digits = 1) => (value == null ? "–" : new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value));
}

export const SEVERITY: Record<string, Tone> = { critical: "danger", warning: "warn", info: "neutral" };
