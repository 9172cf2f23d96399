// The phone's own database: unsent actions and who this device is.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { uuid7 } from "@firstfix/shared/ids";

export type CommandState = "waiting" | "refused";

export interface Command {
  seq: number;
  id: string;
  kind: string;
  visit_id: string | null;
  at: string;
  payload: Record<string, unknown>;
  state: CommandState;
  code?: string | null;
  message?: string | null;
  /** What the job was called when the action was taken, for the page of unsent actions. */
  about: string;
}

interface Schema extends DBSchema {
  commands: { key: number; value: Command };
  meta: { key: string; value: string | number };
}

export type Database = IDBPDatabase<Schema>;

export function openDatabase(name = "firstfix-technician"): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore("commands", { keyPath: "seq" });
      db.createObjectStore("meta");
    },
  });
}

export async function deviceId(db: Database): Promise<string> {
  const tx = db.transaction("meta", "readwrite");
  let id = (await tx.store.get("device_id")) as string | undefined;
  if (!id) await tx.store.put((id = uuid7()), "device_id");
  await tx.done;
  return id;
}

/** Numbers are never given twice on a device, also when the command they named is long gone. */
export async function addCommand(db: Database, command: Omit<Command, "seq" | "id" | "state">): Promise<Command> {
  const tx = db.transaction(["commands", "meta"], "readwrite");
  const seq = Number((await tx.objectStore("meta").get("last_seq")) ?? 0) + 1;
  const added: Command = { ...command, seq, id: uuid7(), state: "waiting" };
  await Promise.all([
    tx.objectStore("meta").put(seq, "last_seq"),
    tx.objectStore("commands").add(added),
    tx.done,
  ]);
  return added;
}
