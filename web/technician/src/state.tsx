// What every screen of the technician shares: the day with unsent actions on top, the queue, the connection.
import { businessNow } from "@firstfix/shared/clock";
import { openLive } from "@firstfix/shared/api/live";
import { useTell } from "@firstfix/shared/ui/dialog";
import { go } from "@firstfix/shared/router";
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { fetchDay, type Kept, openQueue, queries, session } from "./api";
import type { Command } from "./database";
import { type Overlaid, onDuty, overlay } from "./overlay";
import type { CommandQueue } from "./queue";
import type { Day, VisitSheet } from "./types";
import { useTexts } from "./words";

export type Job = Overlaid<VisitSheet>;

interface Shared {
  day: Kept<Day> | undefined;
  jobs: Job[];
  isOnDuty: boolean;
  isOnline: boolean;
  error: unknown;
  refetch: () => void;
  commands: Command[];
  /** False until the phone's own database has been read. */
  areCommandsKnown: boolean;
  queue: CommandQueue | null;
  /** Takes an action now, here; it is sent as soon as that is possible. */
  act: (kind: string, visit: Job | null, payload: Record<string, unknown>, about: string) => Promise<void>;
}

const SharedContext = createContext<Shared | null>(null);

export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (!shared) throw new Error("outside of SharedProvider");
  return shared;
}

export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => (removeEventListener("online", look), removeEventListener("offline", look));
  }, []);
  return online;
}

const NONE: Command[] = [];

function useQueue(person: string): { queue: CommandQueue | null; commands: Command[]; areCommandsKnown: boolean } {
  const t = useTexts();
  const tell = useTell();
  const [queue, setQueue] = useState<CommandQueue | null>(null);
  const [commands, setCommands] = useState<Command[] | null>(null);
  useEffect(() => {
    let live = true;
    const onRefused = (count: number): void =>
      tell(t("refused_toast", { count }), { words: t("see"), act: () => go("/unsent") });
    void openQueue(person, onRefused).then((opened) => live && setQueue(opened));
    return () => void (live = false);
  }, [person, t, tell]);
  useEffect(() => {
    if (!queue) return;
    const read = (): void => void queue.list().then(setCommands);
    read();
    return queue.subscribe(read);
  }, [queue]);
  return { queue, commands: commands ?? NONE, areCommandsKnown: commands !== null };
}

/** Sends what waits at the start, when the phone is looked at again, and when the network is back. */
function useFlushing(queue: CommandQueue | null): () => Promise<boolean> {
  const flush = useCallback(
    () => (queue ? queue.flush().then(() => true, () => false) : Promise.resolve(false)),
    [queue],
  );
  useEffect(() => {
    if (!queue) return;
    const now = (): void => void flush();
    now();
    const timer = setInterval(now, 20_000);
    addEventListener("online", now);
    addEventListener("focus", now);
    document.addEventListener("visibilitychange", now);
    return () => {
      clearInterval(timer);
      removeEventListener("online", now);
      removeEventListener("focus", now);
      document.removeEventListener("visibilitychange", now);
    };
  }, [queue, flush]);
  return flush;
}

function useLiveDay(): void {
  useEffect(() => {
    const refresh = (): void => {
      void queries.invalidateQueries({ queryKey: ["day"] });
      void queries.invalidateQueries({ queryKey: ["offers"] });
    };
    return openLive({ url: "/api/stream", session, onEvent: refresh, onResync: refresh, onState: () => {} });
  }, []);
}

export function SharedProvider({ person, children }: { person: string; children: ReactNode }) {
  const isOnline = useOnline();
  const { queue, commands, areCommandsKnown } = useQueue(person);
  const flush = useFlushing(queue);
  useLiveDay();
  const { data: day, error, refetch } = useQuery({ queryKey: ["day"], queryFn: fetchDay, refetchInterval: 60_000 });
  const act = useCallback<Shared["act"]>(
    async (kind, visit, payload, about) => {
      if (!queue) return;
      await queue.add({ kind, visit_id: visit?.id ?? null, at: new Date(businessNow()).toISOString(), payload, about });
      await flush();
    },
    [queue, flush],
  );
  const shared = useMemo<Shared>(
    () => ({
      day,
      jobs: overlay(day?.value.visits ?? [], commands),
      isOnDuty: onDuty(day?.value.on_duty ?? false, commands),
      isOnline: isOnline && !day?.keptAt,
      error,
      refetch: () => void refetch(),
      commands,
      areCommandsKnown,
      queue,
      act,
    }),
    [day, commands, areCommandsKnown, isOnline, error, refetch, queue, act],
  );
  return <SharedContext value={shared}>{children}</SharedContext>;
}
