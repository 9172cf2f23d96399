// Which request the service worker answers from where.

export type Route = "page" | "file" | "day" | "network";

const DAY = /^\/api\/(me|technician\/(me|day|offers|visits\/[^/]+))$/;

export function routeOf(request: { method: string; mode: string; url: string }, home: string): Route {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== home) return "network";
  if (DAY.test(url.pathname)) return "day";
  if (!url.pathname.startsWith("/technician/")) return "network";
  return request.mode === "navigate" ? "page" : "file";
}
