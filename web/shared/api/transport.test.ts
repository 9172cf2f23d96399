import { afterEach, describe, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "./problem";
import type { Session } from "./session";
import { transport } from "./transport";

const at = "http://localhost/api/things";
const session = (tokens: (string | null)[]): Session =>
  ({ access: async () => (tokens.length > 1 ? tokens.shift() : tokens[0]), principal: { name: "Ada" } }) as unknown as Session;
const json = (status: number, body: object): Response => new Response(JSON.stringify(body), { status });

function answering(...answers: (Response | Error)[]): Request[] {
  const seen: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    seen.push(request);
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  vi.stubGlobal("navigator", { onLine: true });
  return seen;
}

afterEach(() => vi.unstubAllGlobals());

describe("transport", () => {
  const send = transport(session(["t"]), async () => {});

  it("repeats a write with the same key when the answer is lost", async () => {
    const seen = answering(new TypeError("cut"), json(503, {}), json(201, { id: 1 }));
    expect((await send(at, { method: "POST", body: "{}" })).status).toBe(201);
    const keys = seen.map((request) => request.headers.get("Idempotency-Key"));
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });
  it("waits for the same request in flight", async () => {
    answering(json(409, { code: "request_in_flight" }), json(200, {}));
    expect((await send(at, { method: "POST" })).status).toBe(200);
  });
  it("tells a refusal as a Problem with its code", async () => {
    answering(json(409, { code: "technician_busy", detail: "This technician is busy then." }));
    const refused = await send(at, { method: "POST" }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Problem);
    expect(refused).toMatchObject({ status: 409, code: "technician_busy", message: "This technician is busy then." });
  });
  it("says unreachable when nothing answers", async () => {
    answering(new TypeError(), new TypeError(), new TypeError());
    await expect(send(at)).rejects.toBeInstanceOf(Unreachable);
  });
  it("renews the token once after 401", async () => {
    const seen = answering(json(401, {}), json(200, {}));
    const twice = transport(session(["old", "new"]), async () => {});
    expect((await twice(at)).status).toBe(200);
    expect(seen.map((request) => request.headers.get("Authorization"))).toEqual(["Bearer old", "Bearer new"]);
  });
});
