// Two points drawn to scale: the customer's place and the technician on the way.
import { useTexts } from "./words";

interface Point {
  latitude: number;
  longitude: number;
}

const RADIUS_KM = 6371;
const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance (haversine). */
export function kilometres(a: Point, b: Point): number {
  const north = Math.sin(rad(b.latitude - a.latitude) / 2) ** 2;
  const east = Math.sin(rad(b.longitude - a.longitude) / 2) ** 2;
  return 2 * RADIUS_KM * Math.asin(Math.sqrt(north + Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * east));
}

const WIDTH = 320;
const HEIGHT = 180;
const MARGIN = 36;

export function PositionMap({ site, technician }: { site: Point; technician: Point }) {
  const t = useTexts();
  const squeeze = Math.cos(rad(site.latitude));
  const dx = (technician.longitude - site.longitude) * squeeze;
  const dy = site.latitude - technician.latitude;
  const scale = Math.min((WIDTH - 2 * MARGIN) / Math.max(Math.abs(dx), 0.002), (HEIGHT - 2 * MARGIN) / Math.max(Math.abs(dy), 0.002));
  const home = { x: WIDTH / 2 - (dx * scale) / 2, y: HEIGHT / 2 - (dy * scale) / 2 };
  const them = { x: home.x + dx * scale, y: home.y + dy * scale };
  return (
    <svg className="position-map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("track.map")}>
      <line x1={home.x} y1={home.y} x2={them.x} y2={them.y} className="way" />
      <g transform={`translate(${home.x} ${home.y})`}>
        <path d="M-9 8v-9L0 -10 9 -1v9z" className="mark-home" />
        <text y="24" textAnchor="middle">{t("track.you")}</text>
      </g>
      <g transform={`translate(${them.x} ${them.y})`}>
        <circle r="8" className="mark-them" />
        <text y="-14" textAnchor="middle">{t("track.them")}</text>
      </g>
    </svg>
  );
}
