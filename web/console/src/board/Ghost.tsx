// What the dragged job would mean where it hovers: told before the drop.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { clockTime, minutesText, money } from "@firstfix/shared/time";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { checkAssignment } from "../api";
import type { BoardTechnician } from "../types";
import { brokenRule } from "../sentences";
import { useTexts } from "../words";
import { useDrag } from "./drag";
import { HEAD_HEIGHT, NAME_WIDTH, ROW_HEIGHT, type Scale, toX } from "./layout";

const ASK_AFTER_MS = 160;

export function Ghost({ technicians, scale, zone }: { technicians: BoardTechnician[]; scale: Scale; zone: string }) {
  const { dragged } = useDrag();
  const t = useTexts();
  const { language, locale } = useLocale();
  const technician = dragged?.target ? technicians[dragged.target.row] : undefined;
  const place = dragged?.target && technician
    ? { visitId: dragged.visit.id, technicianId: technician.id, startsAt: new Date(dragged.target.startsAt).toISOString() }
    : null;
  const verdict = useCheck(place);
  if (!dragged) return null;
  const { visit, target, pointer } = dragged;
  const state = !verdict.data ? "checking" : verdict.data.violations.length ? "broken" : "fits";
  const words = !verdict.data
    ? t("drag.checking")
    : verdict.data.violations.length
      ? t("drag.violations", { count: verdict.data.violations.length, first: brokenRule(language, verdict.data.violations[0]!, technician?.name ?? "") })
      : t("drag.fits", {
          travel: minutesText(verdict.data.travel_seconds / 60),
          cost: money(verdict.data.cost_cents, verdict.data.currency, locale),
        });
  return (
    <>
      {target && (
        <div
          className="ghost"
          data-state={state}
          style={{
            left: NAME_WIDTH + toX(target.startsAt, scale),
            top: HEAD_HEIGHT + target.row * ROW_HEIGHT + 4,
            width: visit.duration_minutes * scale.pixelsPerMinute,
            height: ROW_HEIGHT - 8,
          }}
        />
      )}
      {createPortal(
        <div
          className="drag-label"
          data-state={target ? state : "away"}
          style={{ left: Math.min(pointer.x + 14, innerWidth - 330), top: Math.min(pointer.y + 18, innerHeight - 110) }}
        >
          <strong className="clip">{visit.title}</strong>
          {target && technician && (
            <>
              <span>
                {technician.name}, {clockTime(target.startsAt, { locale, zone })}
              </span>
              <span data-testid="drag-verdict">{words}</span>
            </>
          )}
          <span className="small">{t("drag.help")}</span>
        </div>,
        document.body,
      )}
    </>
  );
}

interface Place {
  visitId: string;
  technicianId: string;
  startsAt: string;
}

/** Asks once the pointer rests, and keeps answers for a moment. */
export function useCheck(place: Place | null) {
  const [asked, setAsked] = useState<Place | null>(place);
  const key = place && JSON.stringify(place);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(key ? (JSON.parse(key) as Place) : null), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [key]);
  const current = key !== null && JSON.stringify(asked) === key ? asked : null;
  return useQuery({
    queryKey: ["check", current],
    queryFn: () => checkAssignment(current!.visitId, current!.technicianId, current!.startsAt),
    enabled: current !== null,
    staleTime: 10_000,
    retry: false,
  });
}
