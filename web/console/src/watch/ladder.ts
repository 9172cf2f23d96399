// A ladder as a form sees it: every step that there is, taken or left out.
import type { Ladder } from "./api";

type Step = Ladder["steps"][number];
export type Rung = Step & { isTaken: boolean };

const KINDS: Step["kind"][] = ["remind", "second_channel", "call", "default"];
const USUAL_PERCENT = 25;

/** In the order of the ladder; what it leaves out stands before its end. */
export function rungsOf(steps: Step[]): Rung[] {
  const taken = steps.map((step) => ({ ...step, isTaken: true }));
  const left = KINDS.filter((kind) => !steps.some((step) => step.kind === kind));
  return [...taken.slice(0, -1), ...left.map((kind) => ({ kind, wait_percent: USUAL_PERCENT, isTaken: false })), ...taken.slice(-1)];
}

export const stepsOf = (rungs: Rung[]): Step[] => rungs.filter((one) => one.isTaken).map(({ kind, wait_percent }) => ({ kind, wait_percent }));

/** Whether the ladder cannot do without it: its end, and in danger the call. */
export const isNeeded = (kind: Step["kind"], danger: Ladder["danger"]): boolean => kind === "default" || (kind === "call" && danger !== "none");
