// The shared catalogue as hooks, and failures put into words.
import { Problem, Unreachable } from "../api/problem";
import { de } from "./de";
import { en } from "./en";
import { catalogue, type Translate } from "./locale";

export type WordKey = keyof typeof en;
export const useWords = catalogue({ en, de });

export function statusWord(t: Translate<WordKey>, status: string): string {
  const key = `status.${status}`;
  return key in en ? t(key as WordKey) : status;
}

export function orderWord(t: Translate<WordKey>, status: string): string {
  const key = `order.${status}`;
  return key in en ? t(key as WordKey) : status;
}

export function reasonWord(t: Translate<WordKey>, reason: string): string {
  const key = `reason.${reason}`;
  return key in en ? t(key as WordKey) : reason;
}

const BY_STATUS: Record<number, WordKey> = {
  401: "fail.signed_out",
  403: "fail.forbidden",
  404: "fail.not_found",
  412: "fail.stale",
  429: "fail.limited",
  502: "fail.unavailable",
  503: "fail.unavailable",
};

/** What went wrong and what to do next. */
export function failureWords(t: Translate<WordKey>, error: unknown): string {
  if (error instanceof Unreachable) return t("fail.unreachable");
  if (!(error instanceof Problem)) return t("fail.other", { detail: String(error) });
  return refusalWords(t, error.code) ?? statusWords(t, error);
}

export function refusalWords(t: Translate<WordKey>, code: string): string | null {
  const key = `refused.${code}`;
  return key in en ? t(key as WordKey) : null;
}

function statusWords(t: Translate<WordKey>, problem: Problem): string {
  const key = BY_STATUS[problem.status];
  if (key) return t(key);
  const detail = detailText(problem);
  return problem.status === 422 ? t("fail.invalid", { detail }) : t("fail.other", { detail });
}

function detailText(problem: Problem): string {
  const errors = problem.facts["errors"];
  if (!Array.isArray(errors) || errors.length === 0) return problem.message;
  return errors.map((error: { msg?: string; message?: string }) => error.msg ?? error.message ?? "").join("; ");
}
