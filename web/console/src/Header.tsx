// The console's header: territory, day, live state, planning, the phone.
import { body } from "@firstfix/shared/api/client";
import type { LiveState } from "@firstfix/shared/api/live";
import { businessNow } from "@firstfix/shared/clock";
import { LOCALES, useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { setQuery } from "@firstfix/shared/router";
import { addDays, clockTime, isoDay } from "@firstfix/shared/time";
import { Button, type Tone } from "@firstfix/shared/ui/controls";
import { useNow } from "@firstfix/shared/ui/countdown";
import { Menu, useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { Brand } from "@firstfix/shared/ui/signin";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { client, latestPlan, queries, requestPlan, session } from "./api";
import { PagesList, PagesMenu } from "./pages/Pages";
import { PlansButton } from "./plans/PlansPanel";
import type { Board } from "./state";
import type { Plan, Territory } from "./types";
import { AlertsButton } from "./watch/AlertsButton";
import { type TextKey, useTexts } from "./words";

interface HeaderProps {
  name: string;
  live: LiveState;
  territories: Territory[];
  territory: Territory | undefined;
  board: Board | undefined;
}

export function Header({ name, live, territories, territory, board }: HeaderProps) {
  const t = useTexts();
  const w = useWords();
  const [isOpen, setOpen] = useOpen();
  const { language, setLocale } = useLocale();
  const languages = LOCALES.filter((one) => one !== language).map((one) => ({ key: one, words: w(`language.${one}`), act: () => setLocale(one) }));
  const leave = async (): Promise<void> => {
    await body(client.POST("/api/auth/sign-out", {})).catch(() => undefined);
    session.close();
    queries.clear();
  };
  return (
    <header className="head">
      <Brand />
      <select
        className="input"
        aria-label={t("territory")}
        value={territory?.id ?? ""}
        onChange={(event) => setQuery({ territory: event.target.value, visit: null, plan: null })}
      >
        {territories.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      <Button className="head-toggle" aria-expanded={isOpen} aria-controls="head-more" onClick={() => setOpen(!isOpen)}>
        <Icon name={isOpen ? "close" : "menu"} size={18} />
        {t("head.menu")}
      </Button>
      {board && <DayChoice board={board} />}
      <Live state={live} zone={board?.zone} />
      <span className="grow" />
      <div id="head-more" className="head-more" data-open={isOpen || undefined} onClick={(event) => isStep(event.target) && setOpen(false)}>
        {territory && <Planning territory={territory} />}
        {territory && <PlansButton territoryId={territory.id} />}
        {territory && <AlertsButton territoryId={territory.id} />}
        <PagesMenu />
        <PagesList />
        <Button kind="primary" onClick={() => setQuery({ panel: "intake", visit: null, page: null })}>
          <Icon name="phone" size={18} />
          {t("call.new")}
        </Button>
        <Menu label={name} items={[...languages, { key: "out", words: w("do.sign_out"), act: () => void leave() }]} />
      </div>
    </header>
  );
}

/** Whether a click leads somewhere else; opening a further menu does not. */
const isStep = (target: EventTarget): boolean => target instanceof Element && target.closest("button:not([popovertarget])") !== null;

/** Whether the phone's menu is open; Escape closes it. */
function useOpen() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: KeyboardEvent): void => void (event.key === "Escape" && setOpen(false));
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [isOpen]);
  return [isOpen, setOpen] as const;
}

function DayChoice({ board }: { board: Board }) {
  const t = useTexts();
  const today = isoDay(businessNow(), board.zone);
  const choose = (day: string): void => setQuery({ day: day === today ? null : day });
  return (
    <span className="row day-choice">
      <Button size="icon" aria-label={t("day.before")} onClick={() => choose(addDays(board.day, -1))}>
        <Icon name="back" />
      </Button>
      <input
        type="date"
        className="input"
        aria-label={t("day")}
        value={board.day}
        onChange={(event) => event.target.value && choose(event.target.value)}
      />
      <Button size="icon" aria-label={t("day.after")} onClick={() => choose(addDays(board.day, 1))}>
        <Icon name="forward" />
      </Button>
      {board.day !== today && <Button onClick={() => choose(today)}>{t("day.today")}</Button>}
    </span>
  );
}

function Live({ state, zone }: { state: LiveState; zone: string | undefined }) {
  const t = useTexts();
  const { locale } = useLocale();
  const now = useNow();
  const tone: Tone = state === "live" ? "ok" : "warn";
  return (
    <span className="badge" data-tone={tone} role="status">
      <span className="dot" aria-hidden="true" />
      <span className={state === "live" && zone ? "visually-hidden" : undefined}>{t(`live.${state}` as TextKey)}</span>
      {zone && <time>{clockTime(now, { locale, zone })}</time>}
    </span>
  );
}

const SILENT_AFTER_MS = 45_000;
const RUNNING = ["requested", "solving"];
const WORRYING = ["refused", "failed", "silent"];

function Planning({ territory }: { territory: Territory }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const tell = useTell();
  const plan = useQuery({
    queryKey: ["plan", territory.id],
    queryFn: () => latestPlan(territory.id),
    refetchInterval: ({ state }) => (state.data && RUNNING.includes(state.data.status) ? 2_000 : 30_000),
  });
  const ask = useMutation({
    mutationFn: () => requestPlan(territory.id),
    onSuccess: () => tell(t("plan.asked")),
    onError: (error) => tell(failureWords(w, error)),
    onSettled: () => queries.invalidateQueries({ queryKey: ["plan"] }),
  });
  const state = useSilence(plan.data ?? null);
  return (
    <span className="row planning">
      {plan.data && state && (
        <span
          className="small plan-words"
          role="status"
          data-worry={WORRYING.includes(state) || undefined}
          title={planWords(t, locale, territory, plan.data, state)}
        >
          {planWords(t, locale, territory, plan.data, state)}
        </span>
      )}
      <Button busy={ask.isPending} onClick={() => ask.mutate()}>
        <Icon name="plan" size={18} />
        {t("plan.now")}
      </Button>
    </span>
  );
}

/** The plan's state, or "silent" when nobody has worked on it for too long. */
function useSilence(plan: Plan | null): string | null {
  useNow();
  if (!plan) return null;
  const seen = (firstSeen[plan.id + plan.status] ??= performance.now());
  const waiting = RUNNING.includes(plan.status) && performance.now() - seen > SILENT_AFTER_MS;
  return waiting ? "silent" : plan.status;
}

const firstSeen: Record<string, number> = {};

function planWords(
  t: ReturnType<typeof useTexts>,
  locale: string,
  territory: Territory,
  plan: Plan,
  state: string,
): string {
  const time = clockTime(plan.updated_at, { locale, zone: territory.time_zone });
  return t(`plan.${state}` as TextKey, { time, placed: plan.placed, left: plan.left });
}
