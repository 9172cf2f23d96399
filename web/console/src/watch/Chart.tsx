// Readings over time with the limits that count and the spans in question; the same figures as a table.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { clockTime, dayAndTime, dayName } from "@firstfix/shared/time";
import { useLayoutEffect, useRef, useState } from "react";
import { linesOf, scaleOf, ticks, timeTicks } from "./chart";
import { useWatchTexts } from "./words";

export interface Point {
  device_id: string;
  ts: string;
  value: number;
  lowest?: number;
  highest?: number;
}

interface ChartProps {
  title: string;
  points: Point[];
  zone: string;
  /** Horizontal lines, the first the sharper one. */
  limits?: { value: number; words: string }[];
  /** Stretches of time to look at. */
  spans?: { words: string; of: { from: string; to: string }[] };
  /** Steps instead of slopes between points. */
  steps?: boolean;
}

const HEIGHT = 240;
const EDGE = { top: 12, right: 12, bottom: 26, left: 48 };
/** So near to the right edge a label would be cut off. */
const LAST_LABEL = 40;
const DAY_MS = 86_400_000;
const SHOWN = 300;

export function Chart(props: ChartProps) {
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(600);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.max(260, Math.round(entry!.contentRect.width))));
    watcher.observe(box.current!);
    return () => watcher.disconnect();
  }, []);
  return (
    <figure ref={box} className="chart">
      <figcaption>{props.title}</figcaption>
      <Drawing {...props} width={width} />
      <Legend {...props} />
      <Table {...props} />
    </figure>
  );
}

function Drawing({ title, points, zone, limits = [], spans, steps, width }: ChartProps & { width: number }) {
  const { locale } = useLocale();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const moments = [...points.map((point) => Date.parse(point.ts)), ...(spans?.of ?? []).flatMap((span) => [Date.parse(span.from), Date.parse(span.to)])];
  const values = [...points.flatMap((point) => [point.lowest ?? point.value, point.highest ?? point.value]), ...limits.map((limit) => limit.value)];
  const marks = ticks(Math.min(...values), Math.max(...values));
  const [from, to] = [Math.min(...moments), Math.max(...moments)];
  const x = scaleOf(from, to, EDGE.left, width - EDGE.right);
  const y = scaleOf(marks[0]!, marks.at(-1)!, HEIGHT - EDGE.bottom, EDGE.top);
  const told = to - from > 2 * DAY_MS ? dayName : clockTime;
  const at = (point: Point): string => `${x.at(Date.parse(point.ts)).toFixed(1)} ${y.at(point.value).toFixed(1)}`;
  const path = (line: Point[]): string =>
    line.map((point, i) => (i === 0 ? `M${at(point)}` : steps ? `H${x.at(Date.parse(point.ts)).toFixed(1)}V${y.at(point.value).toFixed(1)}` : `L${at(point)}`)).join("");
  const band = (line: Point[]): string => {
    const edge = (of: "highest" | "lowest") => (point: Point) => `${x.at(Date.parse(point.ts)).toFixed(1)} ${y.at(point[of] ?? point.value).toFixed(1)}`;
    return `M${line.map(edge("highest")).join("L")}L${line.toReversed().map(edge("lowest")).join("L")}Z`;
  };
  return (
    <svg width={width} height={HEIGHT} role="img" aria-label={title}>
      {spans?.of.map(({ from, to }) => (
        <rect key={from} className="chart-span" x={x.at(Date.parse(from))} y={EDGE.top} width={Math.max(2, x.at(Date.parse(to)) - x.at(Date.parse(from)))} height={HEIGHT - EDGE.top - EDGE.bottom} />
      ))}
      {marks.map((mark) => (
        <g key={mark}>
          <line className="chart-grid" x1={EDGE.left} x2={width - EDGE.right} y1={y.at(mark)} y2={y.at(mark)} />
          <text x={EDGE.left - 6} y={y.at(mark) + 4} textAnchor="end">{number.format(mark)}</text>
        </g>
      ))}
      {timeTicks(from, to, Math.floor(width / 90)).map((moment) => (
        <text key={moment} x={x.at(moment)} y={HEIGHT - 8} textAnchor={x.at(moment) > width - LAST_LABEL ? "end" : "middle"}>{told(moment, { locale, zone })}</text>
      ))}
      {(steps ? [points] : linesOf(points)).map((line, i) => (
        <g key={i}>
          <path className="chart-band" d={band(line)} />
          <path className="chart-line" d={path(line)} />
          {line.length === 1 && <circle className="chart-dot" cx={x.at(Date.parse(line[0]!.ts))} cy={y.at(line[0]!.value)} r={3} />}
        </g>
      ))}
      {limits.map((limit, i) => (
        <line key={i} className="chart-limit" data-soft={i > 0 || undefined} x1={EDGE.left} x2={width - EDGE.right} y1={y.at(limit.value)} y2={y.at(limit.value)} />
      ))}
    </svg>
  );
}

function Legend({ limits = [], spans }: ChartProps) {
  const { locale } = useLocale();
  if (limits.length === 0 && !spans) return null;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  return (
    <ul className="row wrap small chart-legend">
      {spans && <li><i className="chart-key" data-of="span" />{spans.words}</li>}
      {limits.map((limit, i) => (
        <li key={limit.words}><i className="chart-key" data-of={i > 0 ? "soft" : "limit"} />{limit.words}: {number.format(limit.value)}</li>
      ))}
    </ul>
  );
}

function Table({ points, zone, title }: ChartProps) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="small" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("chart.table")}</summary>
      {isOpen && (
        <div className="scroll chart-table">
          <table className="money">
            <caption>{title}</caption>
            <tbody>
              {points.slice(-SHOWN).map((point) => (
                <tr key={point.device_id + point.ts}>
                  <th scope="row">{dayAndTime(point.ts, { locale, zone })}</th>
                  <td>{number.format(point.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
