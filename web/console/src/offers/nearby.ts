// Which waiting jobs could go with one as a route: those of one person, the nearest first.
interface Job {
  id: string;
  status: string;
  order_status: string;
  crew_size: number;
  latitude: number;
  longitude: number;
}

const EARTH_KM = 6371;
const MOST = 6;

export function kilometres(a: Job, b: Job): number {
  const rad = Math.PI / 180;
  const north = (b.latitude - a.latitude) * rad;
  const east = (b.longitude - a.longitude) * rad * Math.cos(((a.latitude + b.latitude) / 2) * rad);
  return EARTH_KM * Math.hypot(north, east);
}

export const nearby = <T extends Job>(job: T, waiting: readonly T[]): T[] =>
  waiting
    .filter((one) => one.id !== job.id && one.status === "unscheduled" && one.order_status !== "on_hold" && one.crew_size === 1)
    .toSorted((a, b) => kilometres(job, a) - kilometres(job, b))
    .slice(0, MOST);
