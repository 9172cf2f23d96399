// Positions in the territory, drawn to scale without map tiles.
import { Empty } from "@firstfix/shared/ui/controls";
import type { Board } from "./state";
import { useTexts } from "./words";

const SIZE = 320;
const MARGIN = 18;

interface Spot {
  key: string;
  kind: "technician" | "unassigned" | "assigned";
  name: string;
  latitude: number;
  longitude: number;
  visitId?: string;
}

export function MapPanel({ board, onSelect }: { board: Board; onSelect: (visitId: string) => void }) {
  const t = useTexts();
  const spots = spotsOf(board);
  return (
    <aside className="panel" aria-label={t("map")}>
      <div className="stack">
        <h2>{t("map")}</h2>
        <p className="soft small">{t("map.hint")}</p>
        {spots.length > 0 && <Drawing spots={spots} onSelect={onSelect} />}
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

/** Equirectangular: right to a few metres over a city. */
function projection(spots: Spot[]): (spot: Spot) => [number, number] {
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

function Drawing({ spots, onSelect }: { spots: Spot[]; onSelect: (visitId: string) => void }) {
  const t = useTexts();
  const place = projection(spots);
  return (
    <svg className="map" viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={t("map.hint")}>
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
