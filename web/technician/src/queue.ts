// Unsent actions: kept on the phone, sent in order, each answered on its own; a refused one never blocks the rest.
import { addCommand, type Command, type Database, deviceId } from "./database";

export interface Sent {
  device_id: string;
  commands: Pick<Command, "seq" | "id" | "kind" | "visit_id" | "at" | "payload">[];
}

export interface Answer {
  seq: number | null;
  id: string | null;
  status: string;
  /** What came of the first try, when this one was a repetition. */
  outcome?: string | null;
  code?: string | null;
  message?: string | null;
}

export type Send = (batch: Sent) => Promise<{ results: Answer[] }>;

const BATCH = 100;

export function isRefused({ status, outcome }: Answer): boolean {
  return status === "refused" || (status === "duplicate" && outcome === "refused");
}

export class CommandQueue {
  private readonly watchers = new Set<() => void>();
  private running: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly db: Database,
    private readonly send: Send,
    /** Runs before answered actions leave the queue, so that what they did is shown by then. */
    private readonly onAnswered: (answers: Answer[]) => Promise<unknown> | void = () => {},
  ) {}

  subscribe(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  list(): Promise<Command[]> {
    return this.db.getAll("commands");
  }

  async add(command: Omit<Command, "seq" | "id" | "state">): Promise<Command> {
    const added = await addCommand(this.db, command);
    this.announce();
    return added;
  }

  /** Takes a refused action off the page once its reason was read. */
  async dismiss(seq: number): Promise<void> {
    const found = await this.db.get("commands", seq);
    if (found?.state === "refused") await this.db.delete("commands", seq);
    this.announce();
  }

  async clear(): Promise<void> {
    await this.db.clear("commands");
    this.announce();
  }

  /** Sends what waits. Rejects when the server cannot be reached; everything unsent stays. */
  flush(): Promise<void> {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.alone(() => this.drain()).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** One tab of this phone sends at a time. */
  private async alone(work: () => Promise<void>): Promise<void> {
    const locks = globalThis.navigator?.locks;
    await (locks ? locks.request("firstfix.technician.queue", work) : work());
  }

  private async drain(): Promise<void> {
    const device_id = await deviceId(this.db);
    do {
      this.again = false;
      for (;;) {
        const waiting = (await this.list()).filter((command) => command.state === "waiting").slice(0, BATCH);
        if (waiting.length === 0) break;
        const commands = waiting.map(({ seq, id, kind, visit_id, at, payload }) => ({ seq, id, kind, visit_id, at, payload }));
        const { results } = await this.send({ device_id, commands });
        if (!(await this.settle(waiting, results))) break;
      }
    } while (this.again);
  }

  /** True when at least one command was answered, so that a silent server cannot make this loop forever. */
  private async settle(sent: Command[], answers: Answer[]): Promise<boolean> {
    if (answers.length) await Promise.resolve(this.onAnswered(answers)).catch(() => undefined);
    const bySeq = new Map<number | null, Answer>(answers.map((answer) => [answer.seq, answer]));
    const tx = this.db.transaction("commands", "readwrite");
    let settled = 0;
    for (const command of sent) {
      const answer = bySeq.get(command.seq);
      if (!answer) continue;
      settled += 1;
      if (isRefused(answer))
        void tx.store.put({ ...command, state: "refused", code: answer.code ?? null, message: answer.message ?? null });
      else void tx.store.delete(command.seq);
    }
    await tx.done;
    this.announce();
    return settled > 0;
  }

  private announce(): void {
    for (const watcher of this.watchers) watcher();
  }
}
