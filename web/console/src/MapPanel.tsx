// Positions and routes in the territory, drawn to scale without map tiles.
import { useWords } from "@firstfix/shared/i18n/words";
import { Button, Empty } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import type { Board } from "./state";
import type { BoardVisit } from "./types";
import { useTexts } from "./words";

const SIZE = 320;
const MARGIN = 18;

interface Point {
  latitude: number;
  longitude: number;
}

interface Spot extends Point {
  key: string;
  kind: "technician" | "unassigned" | "assigned";
  name: string;
  visitId?: string;
}

export interface Route {
  key: string;
  name: string;
  points: Point[];
}

interface MapPanelProps {
  board: Board;
  /** On a narrow screen the map lies over the board, and only when asked for. */
  isOpen: boolean;
  onSelect: (visitId: string) => void;
  onClose: () => void;
}

export function MapPanel({ board, isOpen, onSelect, onClose }: MapPanelProps) {
  const t = useTexts();
  const w = useWords();
  const spots = spotsOf(board);
  return (
    <aside className="panel map-panel" aria-label={t("map")} data-open={isOpen || undefined}>
      <div className="stack">
        <span className="row spread">
          <h2>{t("map")}</h2>
          <Button kind="quiet" size="icon" className="panel-close narrow-only" aria-label={w("do.close")} onClick={onClose}>
            <Icon name="close" />
          </Button>
        </span>
        <p className="soft small">{t("map.hint")}</p>
        {spots.length > 0 && <MapDrawing board={board} routes={routesOf(board)} onSelect={onSelect} />}
        <ul className="row wrap small legend">
          {(["technician", "assigned", "unassigned"] as const).map((kind) => (
            <li key={kind} className="row">
              <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
                <Mark kind={kind} />
              </svg>
              {t(`map.${kind}`)}
            </li>
          ))}
        </ul>
        <Empty title={t("panel.none")}>{t("panel.none.more")}</Empty>
      </div>
    </aside>
  );
}

function spotsOf(board: Board): Spot[] {
  const people = board.technicians
    .filter((one) => one.latitude !== null && one.longitude !== null)
    .map((one): Spot => ({ key: one.id, kind: "technician", name: one.name, latitude: one.latitude!, longitude: one.longitude! }));
  const work = [...board.visits, ...board.unassigned].map(
    (visit): Spot => ({
      key: visit.id,
      kind: visit.seats.length ? "assigned" : "unassigned",
      name: `${visit.title}, ${visit.customer_name}`,
      latitude: visit.latitude,
      longitude: visit.longitude,
      visitId: visit.id,
    }),
  );
  return [...work, ...people];
}

/** From where somebody starts, through their work of the day in its order. */
export function routesOf(board: Pick<Board, "technicians" | "byTechnician">): Route[] {
  return board.technicians.flatMap(({ id, name, latitude, longitude }) => {
    const starts = (visit: BoardVisit): string => visit.seats.find((seat) => seat.technician_id === id)?.starts_at ?? "";
    const work = [...(board.byTechnician.get(id) ?? [])].sort((a, b) => starts(a).localeCompare(starts(b)));
    return work.length ? [{ key: id, name, points: [{ latitude, longitude }, ...work] }] : [];
  });
}

/** Equirectangular: right to a few metres over a city. */
function projection(spots: Spot[]): (spot: Point) => [number, number] {
  const latitudes = spots.map((spot) => spot.latitude);
  const longitudes = spots.map((spot) => spot.longitude);
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const degrees = Math.max(north - south, (east - west) * squeeze, 0.01);
  const scale = (SIZE - 2 * MARGIN) / degrees;
  const middle = { x: ((west + east) / 2) * squeeze, y: (south + north) / 2 };
  return (spot) => [
    SIZE / 2 + (spot.longitude * squeeze - middle.x) * scale,
    SIZE / 2 - (spot.latitude - middle.y) * scale,
  ];
}

interface DrawingProps {
  board: Board;
  routes: Route[];
  /** The same routes as they are now, when others are looked at. */
  before?: Route[];
  onSelect: (visitId: string) => void;
}

export function MapDrawing({ board, routes, before = [], onSelect }: DrawingProps) {
  const t = useTexts();
  const spots = spotsOf(board);
  const place = projection(spots);
  return (
    <svg className="map" viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={t("map.hint")}>
      {before.map((route) => (
        <polyline key={route.key} className="route before" points={route.points.map((point) => place(point).join(",")).join(" ")}>
          <title>{t("plans.route.before", { name: route.name })}</title>
        </polyline>
      ))}
      {routes.map((route) => (
        <polyline key={route.key} className={before.length > 0 ? "route after" : "route"} points={route.points.map((point) => place(point).join(",")).join(" ")}>
          <title>{route.name}</title>
        </polyline>
      ))}
      {spots.map((spot) => {
        const [x, y] = place(spot);
        return (
          <g
            key={spot.key}
            transform={`translate(${x} ${y})`}
            onClick={() => spot.visitId && onSelect(spot.visitId)}
            style={spot.visitId ? { cursor: "pointer" } : undefined}
          >
            <title>{spot.name}</title>
            <Mark kind={spot.kind} />
          </g>
        );
      })}
    </svg>
  );
}

function Mark({ kind }: { kind: Spot["kind"] }) {
  if (kind === "technician") return <path d="M0 -6 6 5H-6z" className="mark-technician" />;
  return <circle r={kind === "unassigned" ? 4.5 : 3.5} className={`mark-${kind}`} />;
}
