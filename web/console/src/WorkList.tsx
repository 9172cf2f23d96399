// Unassigned and at-risk work: most urgent first, filtered, ready to be dragged.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { minutesText, shortSpan, timeRange } from "@firstfix/shared/time";
import { Badge, Button, Empty } from "@firstfix/shared/ui/controls";
import { useNow } from "@firstfix/shared/ui/countdown";
import { Icon } from "@firstfix/shared/ui/icons";
import { useId, useState } from "react";
import { AnswersLink } from "./answers/AnswersLink";
import { useDrag } from "./board/drag";
import type { Board } from "./state";
import type { BoardVisit } from "./types";
import { maybe, type TextKey, useTexts } from "./words";

interface WorkListProps {
  board: Board;
  selected: string | null;
  onSelect: (visitId: string) => void;
}

export function WorkList({ board, selected, onSelect }: WorkListProps) {
  const t = useTexts();
  const id = useId();
  const [tab, setTab] = useState<"unassigned" | "at_risk">("unassigned");
  const [search, setSearch] = useState("");
  const [priority, setPriority] = useState("0");
  const lists = { unassigned: board.unassigned, at_risk: board.atRisk };
  const shown = lists[tab].filter((visit) => matches(visit, search) && visit.priority >= Number(priority));
  const isFiltered = search !== "" || priority !== "0";
  return (
    <aside className="list" aria-label={t("list.unassigned")}>
      <div className="tabs" role="tablist">
        {(["unassigned", "at_risk"] as const).map((one) => (
          <button key={one} id={`${id}-${one}`} type="button" role="tab" aria-selected={one === tab} aria-controls={`${id}-list`} onClick={() => setTab(one)}>
            {t(`list.${one}`)} <span className="count">{lists[one].length}</span>
          </button>
        ))}
      </div>
      <AnswersLink territoryId={board.territory.id} />
      <div className="filters">
        <input
          type="search"
          className="input"
          placeholder={t("list.find")}
          aria-label={t("list.search")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select className="input" aria-label={t("list.priority")} value={priority} onChange={(event) => setPriority(event.target.value)}>
          <option value="0">{t("list.any")}</option>
          {[5, 4, 3, 2].map((level) => (
            <option key={level} value={level}>
              {t("list.from", { priority: t(`priority.${level}` as TextKey) })}
            </option>
          ))}
        </select>
      </div>
      <ul className="cards" id={`${id}-list`} role="tabpanel" aria-labelledby={`${id}-${tab}`}>
        {shown.map((visit) => (
          <Card key={visit.id} visit={visit} board={board} isSelected={visit.id === selected} onSelect={onSelect} />
        ))}
      </ul>
      {shown.length === 0 && isFiltered && (
        <Empty title={t("list.no_match")}>
          <Button onClick={() => (setSearch(""), setPriority("0"))}>{t("list.clear")}</Button>
        </Empty>
      )}
      {shown.length === 0 && !isFiltered && (
        <Empty title={t(tab === "unassigned" ? "list.none" : "list.no_risk")}>{tab === "unassigned" && t("list.none.more")}</Empty>
      )}
      {shown.length > 0 && tab === "unassigned" && <p className="soft small list-hint">{t("list.drag")}</p>}
    </aside>
  );
}

export function matches(visit: BoardVisit, search: string): boolean {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const skills = visit.skills.map((one) => one.skill).join(" ");
  const text = [visit.work_order_number, visit.title, visit.customer_name, visit.site_address, visit.work_type, skills]
    .join(" ")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

interface CardProps {
  visit: BoardVisit;
  board: Board;
  isSelected: boolean;
  onSelect: (visitId: string) => void;
}

function Card({ visit, board, isSelected, onSelect }: CardProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const { grab } = useDrag();
  const zoned = { locale, zone: board.zone };
  return (
    <li>
      <button
        type="button"
        className="work-card"
        aria-pressed={isSelected}
        data-visit={visit.id}
        data-priority={visit.priority}
        onPointerDown={(event) => grab(visit, event, 0)}
        onClick={() => onSelect(visit.id)}
      >
        <strong className="card-title">{visit.title}</strong>
        <span className="clip soft small">
          {visit.customer_name} · {visit.site_address}
        </span>
        <span className="row wrap small">
          {visit.priority >= 4 && <Badge tone={visit.priority === 5 ? "danger" : "warn"}>{t(`priority.${visit.priority}` as TextKey)}</Badge>}
          <Due visit={visit} />
        </span>
        <span className="row small soft">
          <span className="nowrap">{minutesText(visit.duration_minutes)}</span>
          {visit.window_start && visit.window_end && (
            <span className="row nowrap">
              <Icon name="clock" size={14} />
              {timeRange(visit.window_start, visit.window_end, zoned)}
            </span>
          )}
          <span className="clip">{visit.skills.map((one) => one.skill.replaceAll("_", " ")).join(", ")}</span>
        </span>
        {visit.unassigned_reason && <span className="small why">{maybe(t, "left", visit.unassigned_reason)}</span>}
      </button>
    </li>
  );
}

const SOON_MS = 2 * 3_600_000;

export function Due({ visit }: { visit: BoardVisit }) {
  const t = useTexts();
  const now = useNow();
  if (!visit.due_at) return null;
  const left = new Date(visit.due_at).getTime() - now;
  const words = t(left < 0 ? "due.over" : "due.in", { left: shortSpan(left) });
  return <Badge tone={left < 0 ? "danger" : left < SOON_MS ? "warn" : "neutral"}>{words}</Badge>;
}
