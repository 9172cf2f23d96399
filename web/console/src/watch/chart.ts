// Scales and ticks of charts; plain functions.

export interface Scale {
  low: number;
  high: number;
  /** From a value to a pixel. */
  at: (value: number) => number;
}

export function scaleOf(low: number, high: number, from: number, to: number): Scale {
  const span = high - low || 1;
  return { low, high, at: (value) => from + ((value - low) / span) * (to - from) };
}

const STEPS = [1, 2, 2.5, 5, 10];

/** Round numbers that enclose the values, about `count` of them. */
export function ticks(low: number, high: number, count = 4): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low === high) return ticks(low - 1, high + 1, count);
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * STEPS.find((one) => one * power >= rough)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const MINUTE = 60_000;
const TIME_STEPS = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map((minutes) => minutes * MINUTE);

/** Moments on round times, at most `count`. */
export function timeTicks(from: number, to: number, count: number): number[] {
  const step = TIME_STEPS.find((one) => (to - from) / one <= count) ?? Math.max((to - from) / count, 1);
  const found = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) found.push(at);
  return found;
}

/** One line per device; a gap much longer than usual breaks it. */
export function linesOf<P extends { device_id: string; ts: string }>(points: P[]): P[][] {
  const devices = [...new Set(points.map((point) => point.device_id))];
  const lineOf = (id: string): P[] => points.filter((point) => point.device_id === id).toSorted((a, b) => a.ts.localeCompare(b.ts));
  return devices.flatMap((id) => broken(lineOf(id)));
}

function broken<P extends { ts: string }>(line: P[]): P[][] {
  const gaps = line.slice(1).map((point, i) => Date.parse(point.ts) - Date.parse(line[i]!.ts));
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const pieces: P[][] = [];
  line.forEach((point, i) => {
    if (i === 0 || gaps[i - 1]! > usual * 10) pieces.push([point]);
    else pieces.at(-1)!.push(point);
  });
  return pieces;
}
