// The dispatcher's console: header, list, timeline, details.
import { useTell } from "@firstfix/shared/ui/dialog";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { SignIn } from "@firstfix/shared/ui/signin";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { openDaySheet, session, signIn } from "./api";
import { DragProvider } from "./board/drag";
import { type Scale, spanOf, type Target } from "./board/layout";
import { Timeline } from "./board/Timeline";
import { AssignDialog } from "./dialogs/Assign";
import { SickDialog } from "./dialogs/Sick";
import { Header } from "./Header";
import { Intake } from "./intake/Intake";
import { useAssigning } from "./assigning";
import { useLive } from "./live";
import { MapPanel } from "./MapPanel";
import { isPage, Page } from "./pages/Pages";
import { planDay } from "./pages/api";
import { PlansPanel } from "./plans/PlansPanel";
import { showPlan, usePreview } from "./plans/state";
import { Strip } from "./plans/Strip";
import { type Board, useBoard, useTerritories } from "./state";
import type { BoardTechnician, BoardVisit } from "./types";
import { VisitPanel } from "./visit/VisitPanel";
import { useTexts } from "./words";
import { WorkList } from "./WorkList";

export function App() {
  const t = useTexts();
  const who = useSyncExternalStore(session.subscribe, session.snapshot);
  if (!who) return <SignIn title={t("sign_in.title")} signIn={signIn} onSignedIn={(tokens) => session.open(tokens)} />;
  return <Console name={who.name} />;
}

function Console({ name }: { name: string }) {
  const w = useWords();
  const { query } = usePlace();
  const territories = useTerritories();
  const territory = territories.data?.find((one) => one.id === query.get("territory")) ?? territories.data?.[0];
  const board = useBoard(territory, query.get("day"));
  const page = query.get("page");
  const live = useLive(territory?.id ?? null);
  return (
    <div className="console">
      <a className="skip" href="#board">{w("skip")}</a>
      <Header name={name} live={live} territories={territories.data ?? []} territory={territory} board={board.data} />
      {isPage(page) && territory ? (
        <Page key={territory.id} name={page} territory={territory} />
      ) : board.data ? (
        <Work board={board.data} />
      ) : (
        <main className="waiting">
          {territories.error || board.error ? (
            <Failure error={territories.error ?? board.error} onRetry={() => void (territories.error ? territories : board).refetch()} />
          ) : (
            <Skeleton lines={10} />
          )}
        </main>
      )}
    </div>
  );
}

function Work({ board }: { board: Board }) {
  const { query } = usePlace();
  const scroller = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(1.5);
  const [sick, setSick] = useState<BoardTechnician | null>(null);
  const [asking, setAsking] = useState<{ visit: BoardVisit; technicianId: string; startsAt: string } | null>(null);
  const scale = useScale(board, zoom);
  const selected = query.get("visit");
  const select = useCallback((id: string | null) => setQuery({ visit: id, panel: null }), []);
  const assigning = useAssigning();
  const drop = (visit: BoardVisit, target: Target): void => {
    const technician = board.technicians[target.row];
    if (!technician) return;
    const startsAt = new Date(target.startsAt).toISOString();
    void assigning.tryAssign(visit, technician, startsAt).then((done) => {
      if (!done) setAsking({ visit, technicianId: technician.id, startsAt });
    });
  };
  useDaySheets(board.day);
  const planAgain = usePlanAgain(board.day);
  const panel = query.get("panel");
  const preview = usePreview(board);
  const shown = preview?.isShown ? preview.board : board;
  return (
    <DragProvider scroller={scroller} rows={board.technicians.length} scale={scale} isOff={preview !== null} onDrop={drop}>
      <WorkList board={shown} selected={selected} onSelect={select} />
      <main id="board" className="centre">
        {preview && <Strip preview={preview} isShown={preview.isShown} isDeciding={panel === "plans"} />}
        <Timeline
          scroller={scroller}
          technicians={board.technicians}
          visits={shown.byTechnician}
          was={preview?.isShown ? preview.was : NOTHING}
          scale={scale}
          zone={board.zone}
          selected={selected}
          onSelect={select}
          onSick={setSick}
          onPlanDay={planAgain}
          onZoom={(factor) => setZoom((now) => Math.min(6, Math.max(0.6, now * factor)))}
        />
      </main>
      {panel === "intake" ? (
        <Intake board={board} onClose={() => setQuery({ panel: null })} />
      ) : panel === "plans" ? (
        <PlansPanel board={board} />
      ) : selected ? (
        <VisitPanel key={selected} id={selected} board={board} onClose={() => select(null)} />
      ) : (
        <MapPanel board={board} isOpen={panel === "map"} onSelect={select} onClose={() => setQuery({ panel: null })} />
      )}
      {sick && <SickDialog technician={sick} board={board} onClose={() => setSick(null)} />}
      {asking && <AssignDialog {...asking} board={board} onClose={() => setAsking(null)} />}
    </DragProvider>
  );
}

const NOTHING = new Map<string, never[]>();

function useScale(board: Board, pixelsPerMinute: number): Scale {
  const { from, to } = useMemo(() => {
    const moments = board.technicians
      .flatMap((one) => one.shifts.flatMap((shift) => [shift.starts_at, shift.ends_at]))
      .concat(board.visits.flatMap((visit) => visit.seats.flatMap((seat) => [seat.starts_at, seat.ends_at])))
      .map((at) => new Date(at).getTime())
      .filter((at) => at >= board.dayStart && at <= board.dayStart + 30 * 3_600_000);
    return spanOf(moments, board.dayStart);
  }, [board]);
  return useMemo(() => ({ from, to, pixelsPerMinute }), [from, to, pixelsPerMinute]);
}

/** Plans what is left of one technician's day; what would change is shown before it is applied. */
function usePlanAgain(day: string): (technician: BoardTechnician) => void {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  return useCallback(
    (technician) => {
      planDay(technician.id, day)
        .then((plan) => (tell(t("plan.day.asked", { name: technician.name })), showPlan(plan.id)))
        .catch((error: unknown) => tell(failureWords(w, error)));
    },
    [day, t, tell, w],
  );
}

/** Row menus ask for a day sheet by an event, so that every row need not know the day. */
function useDaySheets(day: string): void {
  const w = useWords();
  const tell = useTell();
  useEffect(() => {
    const open = (event: Event): void => {
      const technicianId = (event as CustomEvent<string>).detail;
      openDaySheet(technicianId, day).catch((error: unknown) => tell(failureWords(w, error)));
    };
    addEventListener("day-sheet", open);
    return () => removeEventListener("day-sheet", open);
  }, [day, tell, w]);
}
