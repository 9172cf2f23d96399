// Time that runs: one ticking clock for the page, in business time.
import { useEffect, useSyncExternalStore } from "react";
import { businessNow } from "../clock";
import { shortSpan } from "../time";

const watchers = new Set<() => void>();
let shown = businessNow();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    shown = businessNow();
    for (const one of watchers) one();
  }, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) (clearInterval(timer), (timer = undefined));
  };
}

/** Business time, once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => shown);
}

export function Countdown({ until, onEnd }: { until: string; onEnd?: () => void }) {
  const left = new Date(until).getTime() - useNow();
  const over = left <= 0;
  useEffect(() => {
    if (over) onEnd?.();
  }, [over, onEnd]);
  return <time dateTime={until}>{shortSpan(Math.max(left, 0))}</time>;
}
