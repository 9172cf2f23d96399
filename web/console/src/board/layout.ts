// Geometry of the timeline: minutes to pixels, rows in view, where a pointer lands.

export const ROW_HEIGHT = 54;
/** Half a phone's width would be too much for names. */
export const NAME_WIDTH = (globalThis.innerWidth ?? 1440) > 700 ? 196 : 136;
/** Below this a block shows the beginning of its words in small letters, and all of them when it is pointed at. */
export const WORDS_WIDTH = 100;
/** Below this not even that: two letters of a title say nothing. */
export const LETTERS_WIDTH = 26;
/** What is shown of a narrow block that is pointed at. */
export const FULL_WIDTH = 240;
export const HEAD_HEIGHT = 30;
export const SNAP_MINUTES = 5;

export interface Scale {
  /** The instant at the left edge, in milliseconds. */
  from: number;
  to: number;
  pixelsPerMinute: number;
}

export function toX(at: string | number, scale: Scale): number {
  return ((new Date(at).getTime() - scale.from) / 60_000) * scale.pixelsPerMinute;
}

export function widthOf(scale: Scale): number {
  return ((scale.to - scale.from) / 60_000) * scale.pixelsPerMinute;
}

/** The part of [from, to) that the scale shows; null when there is none. */
export function extent(from: string | number, to: string | number, scale: Scale): { left: number; width: number } | null {
  const start = Math.max(new Date(from).getTime(), scale.from);
  const end = Math.min(new Date(to).getTime(), scale.to);
  if (end <= start) return null;
  return { left: toX(start, scale), width: ((end - start) / 60_000) * scale.pixelsPerMinute };
}

/** The instant under x, on a whole step of the grid. */
export function snapped(x: number, scale: Scale): number {
  const step = SNAP_MINUTES * 60_000;
  const at = scale.from + (x / scale.pixelsPerMinute) * 60_000;
  return Math.round(at / step) * step;
}

/** First and one past the last row to draw, with some to spare so that scrolling shows no gaps. */
export function rowsInView(scrollTop: number, height: number, count: number, spare = 4): [number, number] {
  const first = Math.floor(scrollTop / ROW_HEIGHT) - spare;
  const last = Math.ceil((scrollTop + height) / ROW_HEIGHT) + spare;
  return [Math.max(0, Math.min(first, count)), Math.min(count, Math.max(last, 0))];
}

export interface Target {
  row: number;
  startsAt: number;
}

/** Where a dragged block would land: the row under the pointer and the time of the block's left edge. */
export function targetAt(
  pointer: { x: number; y: number },
  view: { left: number; top: number; scrollLeft: number; scrollTop: number },
  grabPixels: number,
  count: number,
  scale: Scale,
): Target | null {
  const row = Math.floor((pointer.y - view.top - HEAD_HEIGHT + view.scrollTop) / ROW_HEIGHT);
  const x = pointer.x - view.left - NAME_WIDTH + view.scrollLeft;
  if (row < 0 || row >= count || pointer.y < view.top + HEAD_HEIGHT || pointer.x < view.left + NAME_WIDTH) return null;
  const startsAt = snapped(x - grabPixels, scale);
  return startsAt < scale.from || startsAt >= scale.to ? null : { row, startsAt };
}

export interface Timed {
  starts_at: string;
  ends_at: string;
}

/** Which of two shelves each piece of work lies on: forced overlaps are drawn side by side. */
export function shelves<T extends Timed>(work: readonly T[]): Map<T, { shelf: 0 | 1; isShared: boolean }> {
  const found = new Map<T, { shelf: 0 | 1; isShared: boolean }>();
  const sorted = [...work].sort((a, b) => a.starts_at.localeCompare(b.starts_at));
  for (const one of sorted) {
    const clash = sorted.filter((other) => other !== one && other.starts_at < one.ends_at && one.starts_at < other.ends_at);
    const taken = clash.some((other) => found.get(other)?.shelf === 0);
    found.set(one, { shelf: taken ? 1 : 0, isShared: clash.length > 0 });
  }
  return found;
}

/** The longest part of [from, to) that no work covers, for words that must be seen; null when all is covered. */
export function widestGap(from: string, to: string, work: readonly Timed[]): { from: number; to: number } | null {
  const end = new Date(to).getTime();
  const taken = work
    .map((one) => ({ from: new Date(one.starts_at).getTime(), to: new Date(one.ends_at).getTime() }))
    .sort((a, b) => a.from - b.from);
  let at = new Date(from).getTime();
  let widest = { from: at, to: at };
  for (const one of [...taken, { from: end, to: end }]) {
    const until = Math.min(one.from, end);
    if (until - at > widest.to - widest.from) widest = { from: at, to: until };
    at = Math.max(at, one.to);
  }
  return widest.to > widest.from ? widest : null;
}

/** Whole hours around everything that must be seen, never less than 7 to 19 o'clock's length. */
export function spanOf(moments: number[], dayStart: number): { from: number; to: number } {
  const hour = 3_600_000;
  const from = Math.min(dayStart + 7 * hour, ...moments);
  const to = Math.max(dayStart + 19 * hour, ...moments);
  return { from: Math.floor(from / hour) * hour, to: Math.ceil(to / hour) * hour };
}
