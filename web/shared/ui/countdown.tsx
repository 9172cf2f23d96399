// Time that runs: one ticking clock for the page, in business time.
import { useEffect, useSyncExternalStore } from "react";
import { businessNow, businessRate } from "../clock";
import { shortSpan } from "../time";

const TICK_MS = 1000;
const watchers = new Set<() => void>();
let shown = businessNow();
let timer: ReturnType<typeof setInterval> | undefined;

/** What the page shows as now: a tick old at most, also when nobody watched, or the clock was set, since. */
export function lastTick(): number {
  const now = businessNow();
  if (Math.abs(now - shown) > TICK_MS * Math.max(businessRate(), 1)) shown = now;
  return shown;
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    shown = businessNow();
    for (const one of watchers) one();
  }, TICK_MS);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) (clearInterval(timer), (timer = undefined));
  };
}

/** Business time, once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, lastTick);
}

export function Countdown({ until, onEnd }: { until: string; onEnd?: () => void }) {
  const left = new Date(until).getTime() - useNow();
  const over = left <= 0;
  useEffect(() => {
    if (over) onEnd?.();
  }, [over, onEnd]);
  return <time dateTime={until}>{shortSpan(Math.max(left, 0))}</time>;
}
