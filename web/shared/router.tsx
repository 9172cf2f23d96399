// A small router over the History API: paths below the app's base, links that behave as links.
import { type MouseEvent, type ReactNode, useSyncExternalStore } from "react";

const BASE = import.meta.env.BASE_URL.replace(/\/$/, "");
const watchers = new Set<() => void>();

function announce(): void {
  for (const watcher of watchers) watcher();
}

globalThis.addEventListener?.("popstate", announce);

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function here(): string {
  const path = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : location.pathname;
  return (path || "/") + location.search;
}

export interface Place {
  path: string;
  parts: string[];
  query: URLSearchParams;
}

export function usePlace(): Place {
  const text = useSyncExternalStore(subscribe, here);
  const [path = "/", search = ""] = text.split("?");
  return { path, parts: path.split("/").filter(Boolean), query: new URLSearchParams(search) };
}

export function go(to: string, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", BASE + to);
  announce();
  scrollTo(0, 0);
}

/** Changes the query of the current page without a new entry in the history. */
export function setQuery(changes: Record<string, string | null>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
  announce();
}

interface LinkProps {
  to: string;
  className?: string;
  /** Whether the page is the one that is open. */
  isCurrent?: boolean;
  children: ReactNode;
}

export function Link({ to, className, isCurrent, children }: LinkProps) {
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={BASE + to} className={className} aria-current={isCurrent ? "page" : undefined} onClick={follow}>
      {children}
    </a>
  );
}
