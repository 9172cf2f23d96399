// Figures that rules are made of: how they are written and read; plain functions.
import type { Step } from "./api";

export interface Figure<Name extends string> {
  name: Name;
  unit: "hours" | "days" | "minutes" | "pct" | "points" | "facts" | "ratings" | "times" | "offers" | "amount";
  min: number;
  max: number;
  /** What is stored of one that is written: hundredths, for example. */
  scale?: number;
  /** Between figures that may be written; one where nothing is said. */
  step?: number;
}

/** The stored figure of what is written; null where it is none or beyond its bounds. */
export function figureOf<Name extends string>({ min, max, scale = 1, step = 1 }: Figure<Name>, text: string): number | null {
  const isOfThousands = /^\d{1,3}([.,]\d{3})+$/.test(text.trim());
  const written = text.trim() && !isOfThousands ? Number(text.replace(",", ".")) : NaN;
  const steps = written / step;
  const isStep = Math.abs(steps - Math.round(steps)) < 1e-9;
  return written >= min && written <= max && isStep ? Number((written * scale).toFixed(6)) : null;
}

export const written = (stored: number, scale = 1): string => String(stored / scale);

/** One step a line: hours before the start, then percent of the pay; null where something else is written. */
export function stepsOf(text: string): Step[] | null {
  const lines = text.split("\n").filter((line) => line.trim());
  const steps = lines.map((line) => /^\s*(\d+)\s*h?\s*[:\s]\s*(\d+)\s*%?\s*$/.exec(line));
  const found = steps.map((match) => ({ hours: Number(match?.[1]), pct: Number(match?.[2]) }));
  return found.length <= 10 && found.every(({ hours, pct }) => hours >= 1 && hours <= 720 && pct <= 100) ? found : null;
}

export const stepsWritten = (steps: Step[]): string => steps.map(({ hours, pct }) => `${hours} h: ${pct} %`).join("\n");
