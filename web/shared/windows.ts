// The order in which arrival windows are offered: a few of the best on top, then all others by time.

const GRADES = ["best", "good", "ok"];
const TOP = 3;

/** Only those on top are called best; of the others none is more than good. */
export function bestFirst<W extends { start: string; grade: string }>(windows: readonly W[]): { best: W[]; others: W[] } {
  const byTime = [...windows].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const rank = (window: W): number => GRADES.indexOf(window.grade);
  const best = byTime.filter((window) => rank(window) <= 1).sort((a, b) => rank(a) - rank(b)).slice(0, TOP);
  const others = byTime.filter((window) => !best.includes(window));
  return { best, others: others.map((window) => (window.grade === "best" ? { ...window, grade: "good" } : window)) };
}
