// The live stream: server-sent events over fetch (so that it can be signed), resumed after a break.
import type { Session } from "./session";

export interface LiveEvent {
  id: string | null;
  name: string;
  data: unknown;
}

export type LiveState = "connecting" | "live" | "broken";

/** Cuts a text stream into events (WHATWG HTML, "server-sent events"); feed() may get any pieces. */
export class EventParser {
  private rest = "";
  private id: string | null = null;
  private name = "";
  private data: string[] = [];
  retry: number | null = null;

  feed(text: string): LiveEvent[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): LiveEvent[] {
    if (line === "") return this.dispatch();
    if (line.startsWith(":")) return [];
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") this.id = value;
    else if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
    else if (field === "retry" && /^\d+$/.test(value)) this.retry = Number(value);
    return [];
  }

  private dispatch(): LiveEvent[] {
    const { name, data } = this;
    this.name = "";
    this.data = [];
    if (data.length === 0 && name === "") return [];
    return [{ id: this.id, name: name || "message", data: parse(data.join("\n")) }];
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export interface LiveOptions {
  url: string;
  session: Session;
  onEvent: (event: LiveEvent) => void;
  /** Events were missed: everything shown must be fetched again. */
  onResync: () => void;
  onState: (state: LiveState) => void;
}

const QUIET_MS = 45_000;
const LONGEST_PAUSE_MS = 15_000;

/** Keeps the stream open until the returned function is called. */
export function openLive(options: LiveOptions): () => void {
  const stop = new AbortController();
  void run(options, stop.signal);
  return () => stop.abort();
}

async function run(options: LiveOptions, stop: AbortSignal): Promise<void> {
  let last: string | null = null;
  let pause = 500;
  let opened = false;
  while (!stop.aborted) {
    options.onState("connecting");
    // Without a position nothing can be resumed, so what happened in the gap must be fetched.
    if (opened && last === null) options.onResync();
    opened = true;
    try {
      await read(options, stop, last, (event) => {
        pause = 500;
        last = event.id ?? last;
        if (event.name === "resync") options.onResync();
        else options.onEvent(event);
      });
    } catch {
      // A broken stream is normal (sleep, deploy, tunnel): it is opened again below.
    }
    if (stop.aborted) return;
    options.onState("broken");
    await rest(pause, stop);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function read(
  { url, session, onState }: LiveOptions,
  stop: AbortSignal,
  last: string | null,
  take: (event: LiveEvent) => void,
): Promise<void> {
  const token = await session.access();
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), QUIET_MS);
  const headers: Record<string, string> = { Accept: "text/event-stream" };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (last !== null) headers["Last-Event-ID"] = last;
  const response = await fetch(url, { headers, signal: AbortSignal.any([stop, quiet.signal]) });
  if (response.status === 401) await session.access(true);
  if (!response.ok || !response.body) return;
  onState("live");
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    clearTimeout(timer);
    timer = setTimeout(() => quiet.abort(), QUIET_MS);
    parser.feed(value).forEach(take);
  }
  clearTimeout(timer);
}

function rest(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
    globalThis.addEventListener?.("online", () => (clearTimeout(timer), done()), { once: true });
  });
}
