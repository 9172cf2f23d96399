// Keeps the page's business time in step with the server's.
import { setBusinessTime } from "../clock";

const EVERY_MS = 60_000;

export async function syncClock(): Promise<void> {
  try {
    const asked = performance.now();
    const response = await fetch("/api/clock");
    const { now, rate } = (await response.json()) as { now: string; rate: number };
    const onTheWay = (performance.now() - asked) / 2;
    if (response.ok) setBusinessTime(Date.parse(now) + onTheWay * rate, rate);
  } catch {
    // Without a network the clock runs on from the last known time.
  }
}

export async function keepClock(): Promise<void> {
  setInterval(() => void syncClock(), EVERY_MS);
  addEventListener("online", () => void syncClock());
  await syncClock();
}
