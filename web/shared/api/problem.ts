// Failures of the API (RFC 9457) as one error class with a stable code.

export interface ProblemBody {
  status?: number;
  code?: string;
  title?: string;
  detail?: unknown;
  [fact: string]: unknown;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly facts: ProblemBody;

  constructor(status: number, body: ProblemBody = {}) {
    const words = typeof body.detail === "string" ? body.detail : body.title;
    super(words ?? `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? `http_${status}`;
    this.facts = body;
  }
}

/** The network or the server could not be reached; nothing is known about the request's outcome. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => ({}));
  return new Problem(response.status, typeof body === "object" && body !== null ? (body as ProblemBody) : {});
}

export function isProblem(error: unknown, ...codes: string[]): error is Problem {
  return error instanceof Problem && (codes.length === 0 || codes.includes(error.code));
}
