import { describe, expect, it } from "vitest";
import { routesOf } from "./MapPanel";
import type { Board } from "./state";

describe("routesOf", () => {
  it("goes from the technician's start through the work in its order, and leaves out who has none", () => {
    const visit = (latitude: number, starts_at: string) => ({
      latitude,
      longitude: 13,
      seats: [{ technician_id: "a", starts_at }],
    });
    const board = {
      technicians: [
        { id: "a", name: "Aylin", latitude: 50, longitude: 13 },
        { id: "b", name: "Bo", latitude: 51, longitude: 13 },
      ],
      byTechnician: new Map([["a", [visit(52, "2026-11-24T14:00:00Z"), visit(51, "2026-11-24T09:00:00Z")]]]),
    } as unknown as Board;
    const routes = routesOf(board);
    expect(routes.map((route) => route.name)).toEqual(["Aylin"]);
    expect(routes[0]?.points.map((point) => point.latitude)).toEqual([50, 51, 52]);
  });
});
