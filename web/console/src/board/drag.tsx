// Dragging a job onto a row: follows the pointer, asks the server what a drop would mean, drops or stops.
import { createContext, type PointerEvent as ReactPointerEvent, type ReactNode, type RefObject, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { BoardVisit } from "../types";
import { type Scale, type Target, targetAt } from "./layout";

export interface Dragged {
  visit: BoardVisit;
  pointer: { x: number; y: number };
  target: Target | null;
}

interface DragState {
  dragged: Dragged | null;
  /** Call on pointerdown; a click stays a click, only a real move starts the drag. */
  grab: (visit: BoardVisit, event: ReactPointerEvent<HTMLElement>, grabPixels: number) => void;
}

const DragContext = createContext<DragState>({ dragged: null, grab: () => {} });

export function useDrag(): DragState {
  return useContext(DragContext);
}

interface DragProviderProps {
  scroller: RefObject<HTMLDivElement | null>;
  rows: number;
  scale: Scale;
  /** Nothing can be dragged while the board shows a draft. */
  isOff?: boolean;
  onDrop: (visit: BoardVisit, target: Target) => void;
  children: ReactNode;
}

const STARTS_AFTER_PIXELS = 5;
const EDGE = 44;
const STEP = 14;

interface Grabbed {
  visit: BoardVisit;
  from: { x: number; y: number };
  grabPixels: number;
  moving: boolean;
}

export function DragProvider({ scroller, rows, scale, isOff = false, onDrop, children }: DragProviderProps) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const grabbed = useRef<Grabbed | null>(null);
  const latest = useRef({ rows, scale, onDrop });
  latest.current = { rows, scale, onDrop };

  const targetOf = useCallback(
    (x: number, y: number): Target | null => {
      const element = scroller.current;
      if (!element || !grabbed.current) return null;
      const { left, top, bottom } = element.getBoundingClientRect();
      if (y > bottom) return null;
      const view = { left, top, scrollLeft: element.scrollLeft, scrollTop: element.scrollTop };
      return targetAt({ x, y }, view, grabbed.current.grabPixels, latest.current.rows, latest.current.scale);
    },
    [scroller],
  );

  useEffect(() => {
    const move = (event: PointerEvent): void => {
      const now = grabbed.current;
      if (!now) return;
      const { clientX: x, clientY: y } = event;
      if (!now.moving && Math.hypot(x - now.from.x, y - now.from.y) < STARTS_AFTER_PIXELS) return;
      now.moving = true;
      document.body.classList.add("dragging");
      scrollAtEdges(scroller.current, x, y);
      setDragged({ visit: now.visit, pointer: { x, y }, target: targetOf(x, y) });
    };
    const stop = (): void => {
      grabbed.current = null;
      document.body.classList.remove("dragging");
      setDragged(null);
    };
    const release = (event: PointerEvent): void => {
      const now = grabbed.current;
      const target = now?.moving ? targetOf(event.clientX, event.clientY) : null;
      if (now?.moving) addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
      stop();
      if (now && target) latest.current.onDrop(now.visit, target);
    };
    const key = (event: KeyboardEvent): void => void (event.key === "Escape" && stop());
    addEventListener("pointermove", move);
    addEventListener("pointerup", release);
    addEventListener("pointercancel", stop);
    addEventListener("keydown", key);
    return () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", release);
      removeEventListener("pointercancel", stop);
      removeEventListener("keydown", key);
    };
  }, [scroller, targetOf]);

  const grab = useCallback<DragState["grab"]>((visit, event, grabPixels) => {
    if (isOff || event.button !== 0 || event.pointerType === "touch") return;
    grabbed.current = { visit, from: { x: event.clientX, y: event.clientY }, grabPixels, moving: false };
  }, [isOff]);
  const state = useMemo(() => ({ dragged, grab }), [dragged, grab]);
  return <DragContext value={state}>{children}</DragContext>;
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

function scrollAtEdges(element: HTMLElement | null, x: number, y: number): void {
  if (!element) return;
  const box = element.getBoundingClientRect();
  if (x < box.left || x > box.right) return;
  if (y > box.bottom - EDGE && y < box.bottom + EDGE) element.scrollTop += STEP;
  else if (y < box.top + EDGE && y > box.top - EDGE) element.scrollTop -= STEP;
  if (x > box.right - EDGE) element.scrollLeft += STEP;
}
