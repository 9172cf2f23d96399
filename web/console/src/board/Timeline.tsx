// The day of every technician: one row each, only the rows in view are drawn.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { clockTime } from "@firstfix/shared/time";
import { setQuery } from "@firstfix/shared/router";
import { Button, Empty } from "@firstfix/shared/ui/controls";
import { useNow } from "@firstfix/shared/ui/countdown";
import { Icon } from "@firstfix/shared/ui/icons";
import { businessNow } from "@firstfix/shared/clock";
import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { Was } from "../plans/preview";
import type { BoardTechnician, BoardVisit } from "../types";
import { useTexts } from "../words";
import { useDrag } from "./drag";
import { Ghost } from "./Ghost";
import { HEAD_HEIGHT, NAME_WIDTH, ROW_HEIGHT, rowsInView, type Scale, toX, widthOf } from "./layout";
import { Lane } from "./Lane";

interface TimelineProps {
  scroller: RefObject<HTMLDivElement | null>;
  technicians: BoardTechnician[];
  visits: Map<string, BoardVisit[]>;
  was: Map<string, Was[]>;
  scale: Scale;
  zone: string;
  selected: string | null;
  onSelect: (visitId: string) => void;
  onSick: (technician: BoardTechnician) => void;
  onPlanDay: (technician: BoardTechnician) => void;
  onZoom: (factor: number) => void;
}

export function Timeline(props: TimelineProps) {
  const { scroller, technicians, visits, was, scale, zone, selected, onSelect, onSick, onPlanDay, onZoom } = props;
  const t = useTexts();
  const [view, setView] = useState({ top: 0, height: 800 });
  const { dragged } = useDrag();
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const watch = new ResizeObserver(look);
    watch.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => (watch.disconnect(), element.removeEventListener("scroll", look));
  }, [scroller]);
  useStartAtNow(scroller, scale);
  const [first, last] = rowsInView(view.top, view.height, technicians.length);
  return (
    <section className="timeline-area" aria-label={t("board")}>
      <div className="timeline-tools row spread">
        <span className="soft small">{t("board.technicians", { count: technicians.length })}</span>
        <span className="row">
          <Button className="map-open narrow-only" onClick={() => setQuery({ panel: "map" })}>
            <Icon name="pin" size={18} />
            {t("map")}
          </Button>
          <Button kind="quiet" size="icon" aria-label={t("board.zoom_out")} onClick={() => onZoom(1 / 1.3)}>−</Button>
          <Button kind="quiet" size="icon" aria-label={t("board.zoom_in")} onClick={() => onZoom(1.3)}>+</Button>
        </span>
      </div>
      <div className="timeline" ref={scroller} tabIndex={-1}>
        {technicians.length === 0 && <Empty title={t("board.empty")}>{t("board.empty.more")}</Empty>}
        <div
          className="timeline-inner"
          style={{ width: NAME_WIDTH + widthOf(scale), height: HEAD_HEIGHT + technicians.length * ROW_HEIGHT }}
        >
          <Hours scale={scale} zone={zone} />
          {technicians.slice(first, last).map((technician, i) => (
            <Lane
              key={technician.id}
              technician={technician}
              visits={visits.get(technician.id) ?? NONE}
              was={was.get(technician.id) ?? NOWHERE}
              scale={scale}
              zone={zone}
              top={HEAD_HEIGHT + (first + i) * ROW_HEIGHT}
              selected={selected}
              isTarget={dragged?.target?.row === first + i}
              onSelect={onSelect}
              onSick={onSick}
              onPlanDay={onPlanDay}
            />
          ))}
          <NowLine scale={scale} />
          <Ghost technicians={technicians} scale={scale} zone={zone} />
        </div>
      </div>
    </section>
  );
}

const BEFORE_NOW_MS = 75 * 60_000;

/** The timeline opens a little before now; later it stays where the dispatcher scrolled it. */
function useStartAtNow(scroller: RefObject<HTMLDivElement | null>, scale: Scale): void {
  const { from, to } = scale;
  const latest = useRef(scale);
  latest.current = scale;
  useLayoutEffect(() => {
    const now = businessNow();
    const isToday = now > from && now < to;
    scroller.current?.scrollTo({ left: isToday ? Math.max(0, toX(now - BEFORE_NOW_MS, latest.current)) : 0 });
  }, [scroller, from, to]);
}

const NONE: BoardVisit[] = [];
const NOWHERE: Was[] = [];
const HOUR_MS = 3_600_000;

function Hours({ scale, zone }: { scale: Scale; zone: string }) {
  const { locale } = useLocale();
  const hours = Array.from({ length: Math.round((scale.to - scale.from) / HOUR_MS) }, (_, i) => scale.from + i * HOUR_MS);
  return (
    <div className="hours" aria-hidden="true">
      <span className="corner" style={{ width: NAME_WIDTH }} />
      {hours.map((at) => (
        <span key={at} className="hour" style={{ left: NAME_WIDTH + toX(at, scale) }}>
          {clockTime(at, { locale, zone })}
        </span>
      ))}
    </div>
  );
}

function NowLine({ scale }: { scale: Scale }) {
  const now = useNow();
  if (now < scale.from || now > scale.to) return null;
  return <div className="now-line" style={{ left: NAME_WIDTH + toX(now, scale) }} aria-hidden="true" />;
}
