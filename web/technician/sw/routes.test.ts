import { describe, expect, it } from "vitest";
import { routeOf } from "./routes";

const home = "https://field.example";
const get = (path: string, mode = "cors") => routeOf({ method: "GET", mode, url: home + path }, home);

describe("routeOf", () => {
  it("answers every page of the app with the cached shell", () => {
    expect(get("/technician/jobs/1", "navigate")).toBe("page");
  });
  it("answers the app's files from the cache", () => {
    expect(get("/technician/assets/index-1.js")).toBe("file");
  });
  it("keeps the day readable without a network", () => {
    expect(get("/api/technician/day?day=2026-11-21")).toBe("day");
    expect(get("/api/technician/visits/1")).toBe("day");
  });
  it("never answers writes, other apps or other hosts", () => {
    expect(routeOf({ method: "POST", mode: "cors", url: `${home}/api/technician/day` }, home)).toBe("network");
    expect(get("/api/auth/refresh")).toBe("network");
    expect(get("/console/", "navigate")).toBe("network");
    expect(routeOf({ method: "GET", mode: "cors", url: "https://elsewhere.example/technician/" }, home)).toBe("network");
  });
});
