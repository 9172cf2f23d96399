// A fetch that signs requests, names writes so that they can be repeated safely, and repeats them when the answer was lost.
import { uuid7 } from "../ids";
import { problemOf, Unreachable } from "./problem";
import type { Session } from "./session";

const TRIES = 3;

export function transport(session: Session, pause: (ms: number) => Promise<void> = wait): typeof fetch {
  return async (input, init) => {
    const original = new Request(input, init);
    if (original.method !== "GET" && !original.headers.has("Idempotency-Key"))
      original.headers.set("Idempotency-Key", uuid7());
    let response = await repeat(original, await session.access(), pause);
    if (response.status === 401 && session.principal) {
      const renewed = await session.access(true);
      if (renewed) response = await repeat(original, renewed, pause);
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  };
}

async function repeat(original: Request, token: string | null, pause: (ms: number) => Promise<void>): Promise<Response> {
  for (let tried = 1; ; tried++) {
    const request = original.clone();
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    const response = await fetch(request).catch((error: unknown) => (isAbort(error) ? Promise.reject(error) : null));
    const last = tried >= TRIES || (!response && !navigator.onLine);
    if (response && !(await isPassing(response))) return response;
    if (last) {
      if (response) return response;
      throw new Unreachable();
    }
    await pause(300 * 2 ** tried);
  }
}

/** 503 and "the same request is still running" pass by themselves; the idempotency key makes a repeat safe. */
async function isPassing(response: Response): Promise<boolean> {
  if (response.status === 502 || response.status === 503) return true;
  if (response.status !== 409) return false;
  return /in_flight|in_progress_request/.test((await problemOf(response)).code);
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
