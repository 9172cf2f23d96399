import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { type Database, deviceId, openDatabase } from "./database";
import { type Answer, CommandQueue, type Sent } from "./queue";

let db: Database;
beforeEach(async () => {
  indexedDB = new IDBFactory();
  db = await openDatabase();
});

const move = (to: string) => ({
  kind: "move",
  visit_id: "v1",
  at: "2026-11-21T09:00:00Z",
  payload: { to },
  about: "Boiler",
});
const all = (status: string) => async (batch: Sent) => ({
  results: batch.commands.map(({ seq, id }): Answer => ({ seq, id, status })),
});

describe("CommandQueue.add", () => {
  it("gives numbers that rise and are never reused", async () => {
    const queue = new CommandQueue(db, all("applied"));
    const first = await queue.add(move("en_route"));
    await queue.flush();
    expect((await queue.add(move("on_site"))).seq).toBe(first.seq + 1);
  });
  it("keeps two quick actions apart", async () => {
    const queue = new CommandQueue(db, all("applied"));
    const added = await Promise.all([queue.add(move("en_route")), queue.add(move("on_site"))]);
    expect(new Set(added.map((command) => command.seq)).size).toBe(2);
  });
});

describe("CommandQueue.flush", () => {
  it("sends everything that waits in order, under one device", async () => {
    const seen: Sent[] = [];
    const queue = new CommandQueue(db, (batch) => (seen.push(batch), all("applied")(batch)));
    for (const to of ["en_route", "on_site", "in_progress"]) await queue.add(move(to));
    await queue.flush();
    expect(seen).toHaveLength(1);
    expect(seen[0]!.device_id).toBe(await deviceId(db));
    expect(seen[0]!.commands.map((command) => command.payload["to"])).toEqual(["en_route", "on_site", "in_progress"]);
    expect(await queue.list()).toEqual([]);
  });
  it("keeps everything when the server cannot be reached, with the same ids", async () => {
    const seen: string[] = [];
    let up = false;
    const queue = new CommandQueue(db, async (batch) => {
      seen.push(...batch.commands.map((command) => command.id));
      if (!up) throw new Error("no network");
      return all("applied")(batch);
    });
    await queue.add(move("en_route"));
    await expect(queue.flush()).rejects.toThrow("no network");
    up = true;
    await queue.flush();
    expect(new Set(seen).size).toBe(1);
    expect(await queue.list()).toEqual([]);
  });
  it("sets a refused action aside with its reason and goes on", async () => {
    const queue = new CommandQueue(db, async ({ commands }) => ({
      results: commands.map(({ seq, id, payload }): Answer =>
        payload["to"] === "completed"
          ? { seq, id, status: "refused", code: "illegal_move", message: "This job was cancelled." }
          : { seq, id, status: "applied" },
      ),
    }));
    for (const to of ["in_progress", "completed", "paused"]) await queue.add(move(to));
    await queue.flush();
    const left = await queue.list();
    expect(left).toMatchObject([{ state: "refused", message: "This job was cancelled.", payload: { to: "completed" } }]);
    await queue.dismiss(left[0]!.seq);
    expect(await queue.list()).toEqual([]);
  });
  it("keeps an action on top until what it did has been fetched", async () => {
    const left: number[] = [];
    const queue: CommandQueue = new CommandQueue(db, all("applied"), async () => {
      left.push((await queue.list()).length);
    });
    await queue.add(move("en_route"));
    await queue.flush();
    left.push((await queue.list()).length);
    expect(left).toEqual([1, 0]);
  });
  it("takes a repeated delivery as done", async () => {
    const queue = new CommandQueue(db, all("duplicate"));
    await queue.add(move("en_route"));
    await queue.flush();
    expect(await queue.list()).toEqual([]);
  });
  it("explains a refusal whose first answer was lost", async () => {
    const queue = new CommandQueue(db, async ({ commands }) => ({
      results: commands.map(({ seq, id }): Answer => ({ seq, id, status: "duplicate", outcome: "refused", message: "Too late." })),
    }));
    await queue.add(move("en_route"));
    await queue.flush();
    expect(await queue.list()).toMatchObject([{ state: "refused", message: "Too late." }]);
  });
  it("sends what is added while it sends", async () => {
    const sizes: number[] = [];
    const queue: CommandQueue = new CommandQueue(db, async (batch) => {
      sizes.push(batch.commands.length);
      if (sizes.length === 1) {
        await queue.add(move("on_site"));
        void queue.flush();
      }
      return all("applied")(batch);
    });
    await queue.add(move("en_route"));
    await queue.flush();
    expect(sizes).toEqual([1, 1]);
    expect(await queue.list()).toEqual([]);
  });
  it("stops when the server answers nothing", async () => {
    const queue = new CommandQueue(db, async () => ({ results: [] }));
    await queue.add(move("en_route"));
    await queue.flush();
    expect(await queue.list()).toHaveLength(1);
  });
});
