// The technician app's service worker: the app opens without a network, and the last known day stays readable.
import { routeOf } from "./routes";

declare const self: ServiceWorkerGlobalScope;
declare const __FILES__: string[];
declare const __VERSION__: string;

const APP = `app-${__VERSION__}`;
const DAY = "day";
const SHELL = "/technician/index.html";
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(APP)
      .then((cache) => cache.addAll(__FILES__.map((file) => new Request(file, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (name: string): boolean => name.startsWith("app-") && name !== APP;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "forget the day") event.waitUntil(caches.delete(DAY));
});

self.addEventListener("fetch", (event) => {
  const route = routeOf(event.request, self.location.origin);
  if (route === "page") event.respondWith(fromApp(SHELL, event.request));
  else if (route === "file") event.respondWith(fromApp(event.request, event.request));
  else if (route === "day") event.respondWith(freshOrKept(event.request));
});

async function fromApp(key: string | Request, request: Request): Promise<Response> {
  const cache = await caches.open(APP);
  return (await cache.match(key, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}

/** The server's answer when it comes in time, otherwise the kept one, marked with the time it was kept. */
async function freshOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(DAY);
  const fresh = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(request, await stamped(response.clone()));
    return response;
  });
  const kept = await cache.match(request, { ignoreVary: true });
  if (!kept) return fresh;
  const late = new Promise<Response>((done) => setTimeout(() => done(kept), PATIENCE_MS));
  return Promise.race([fresh.catch(() => kept), late]);
}

async function stamped(response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  headers.set("Firstfix-Kept-At", new Date().toISOString());
  return new Response(await response.blob(), { status: response.status, headers });
}
