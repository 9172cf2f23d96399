// A figure with the range that holds it in 95 of 100 cases, drawn on one line.
import type { Estimate } from "./api";

export const percent = (share: number): string => `${Math.round(share * 100)}`;

interface IntervalProps {
  estimate: Estimate;
  /** The right end of the line. */
  most: number;
  /** A floor or a mean to compare with. */
  mark?: number;
  label: string;
}

export function Interval({ estimate, most, mark, label }: IntervalProps) {
  const at = (value: number): string => `${Math.min(100, (value / (most || 1)) * 100)}%`;
  return (
    <div className="stack tight">
      <div className="interval" aria-hidden="true">
        <span className="interval-range" style={{ left: at(estimate.low), width: `calc(${at(estimate.high)} - ${at(estimate.low)})` }} />
        <span className="interval-value" style={{ left: at(estimate.value) }} />
        {mark !== undefined && <span className="interval-mark" style={{ left: at(mark) }} />}
      </div>
      <span className="soft small">{label}</span>
    </div>
  );
}
