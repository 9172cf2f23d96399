// Who is signed in: short access tokens, a rotating refresh token, one refresh at a time over all tabs.
import { uuid7 } from "../ids";
import { problemOf, Unreachable } from "./problem";

export interface SignedInAs {
  account_id: string | null;
  subject_id: string | null;
  roles: string[];
  name: string;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  /** Left out when a token is renewed: the person stays the same. */
  principal?: SignedInAs | undefined;
}

interface Stored {
  access: string;
  refresh: string;
  until: number;
  principal: SignedInAs;
}

const EARLY_MS = 30_000;
const NOBODY: SignedInAs = { account_id: null, subject_id: null, roles: [], name: "" };

export class Session {
  private readonly key: string;
  private stored: Stored | null;
  private readonly watchers = new Set<() => void>();
  private refreshing: Promise<string | null> | null = null;

  constructor(app: string) {
    this.key = `firstfix.${app}.session`;
    this.stored = this.read();
    window.addEventListener("storage", (event) => {
      if (event.key === this.key) this.take(this.read());
    });
  }

  get principal(): SignedInAs | null {
    return this.stored?.principal ?? null;
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  snapshot = (): SignedInAs | null => this.principal;

  open(tokens: Tokens): void {
    const stored: Stored = {
      access: tokens.access_token,
      refresh: tokens.refresh_token,
      until: Date.now() + tokens.expires_in * 1000,
      principal: tokens.principal ?? this.stored?.principal ?? NOBODY,
    };
    localStorage.setItem(this.key, JSON.stringify(stored));
    this.take(stored);
  }

  close(): void {
    localStorage.removeItem(this.key);
    this.take(null);
  }

  /** A usable access token, refreshed when it is about to end; null when nobody is signed in. */
  async access(force = false): Promise<string | null> {
    const stored = this.stored;
    if (!stored) return null;
    if (!force && stored.until - EARLY_MS > Date.now()) return stored.access;
    this.refreshing ??= this.renew(stored.access).finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async renew(spent: string): Promise<string | null> {
    return navigator.locks.request(this.key, async () => {
      const current = this.read();
      if (!current) return null;
      if (current.access !== spent && current.until - EARLY_MS > Date.now()) {
        this.take(current);
        return current.access;
      }
      return this.rotate(current);
    });
  }

  private async rotate(current: Stored): Promise<string | null> {
    const response = await fetch("/api/auth/refresh", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": uuid7() },
      body: JSON.stringify({ refresh_token: current.refresh, device: deviceName() }),
    }).catch((error: unknown) => {
      throw new Unreachable(error);
    });
    if (response.ok) {
      this.open((await response.json()) as Tokens);
      return this.stored?.access ?? null;
    }
    if (response.status === 401 || response.status === 403) {
      this.close();
      return null;
    }
    throw await problemOf(response);
  }

  private read(): Stored | null {
    const text = globalThis.localStorage?.getItem(this.key);
    return text ? (JSON.parse(text) as Stored) : null;
  }

  private take(stored: Stored | null): void {
    this.stored = stored;
    for (const watcher of this.watchers) watcher();
  }
}

/** A stable name for this browser, so that the sessions of one person can be told apart. */
export function deviceName(): string {
  let name = localStorage.getItem("firstfix.device");
  if (!name) {
    name = uuid7();
    localStorage.setItem("firstfix.device", name);
  }
  return name;
}
