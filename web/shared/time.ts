// Dates and durations as people read them; the zone is the site's or territory's, never the browser's.

export interface Zoned {
  locale: string;
  zone?: string | undefined;
}

type Instant = string | number | Date;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions, { locale, zone }: Zoned): Intl.DateTimeFormat {
  const key = JSON.stringify([options, locale, zone]);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, { ...options, ...(zone ? { timeZone: zone } : {}) });
    formats.set(key, found);
  }
  return found;
}

export function clockTime(at: Instant, zoned: Zoned): string {
  return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zoned).format(new Date(at));
}

export function dayName(at: Instant, zoned: Zoned): string {
  return format({ weekday: "short", day: "numeric", month: "short" }, zoned).format(new Date(at));
}

export function longDay(at: Instant, zoned: Zoned): string {
  return format({ weekday: "long", day: "numeric", month: "long" }, zoned).format(new Date(at));
}

export function dayAndTime(at: Instant, zoned: Zoned): string {
  return `${dayName(at, zoned)}, ${clockTime(at, zoned)}`;
}

export function timeRange(from: Instant, to: Instant, zoned: Zoned): string {
  return `${clockTime(from, zoned)}–${clockTime(to, zoned)}`;
}

/** The calendar day (YYYY-MM-DD) of an instant in a zone. */
export function isoDay(at: Instant, zone?: string): string {
  return format({ year: "numeric", month: "2-digit", day: "2-digit" }, { locale: "en-CA", zone }).format(new Date(at));
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function offsetMs(at: number, zone: string): number {
  const parts = format(
    {
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    },
    { locale: "en-US", zone },
  ).formatToParts(new Date(at));
  const part = (type: string): number => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(at / 1000) * 1000;
}

/** The instant of a wall-clock time in a zone; a time skipped by daylight saving moves forward. */
export function zonedInstant(day: string, time: string, zone: string): Date {
  const wall = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
  const first = wall - offsetMs(wall, zone);
  return new Date(wall - offsetMs(first, zone));
}

export interface Span {
  past: boolean;
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

export function span(milliseconds: number): Span {
  const total = Math.floor(Math.abs(milliseconds) / 1000);
  return {
    past: milliseconds < 0,
    days: Math.floor(total / 86_400),
    hours: Math.floor((total % 86_400) / 3600),
    minutes: Math.floor((total % 3600) / 60),
    seconds: total % 60,
  };
}

/** "2 d 3 h", "1 h 5 min", "4 min", "45 s": one duration is one word that no line breaks. */
export function shortSpan(milliseconds: number): string {
  const { days, hours, minutes, seconds } = span(milliseconds);
  if (days) return amounts([days, "d"], [hours, "h"]);
  if (hours || minutes) return amounts([hours, "h"], [minutes, "min"]);
  return amounts([seconds, "s"]);
}

export function minutesText(minutes: number): string {
  const whole = Math.round(minutes);
  return amounts([Math.floor(whole / 60), "h"], [whole % 60, "min"]);
}

function amounts(...parts: [amount: number, unit: string][]): string {
  const told = parts.filter(([amount]) => amount !== 0);
  return (told.length ? told : parts.slice(-1)).flat().join("\u00a0");
}

export function money(cents: number, currency: string, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(cents / 100);
}
