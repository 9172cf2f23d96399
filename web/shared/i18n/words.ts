// The shared catalogues as hooks, and failures put into words.
import { Problem, Unreachable } from "../api/problem";
import { de } from "./de";
import { en } from "./en";
import { catalogue, type Translate, type Values } from "./locale";
import { de as refusedDe } from "./refused.de";
import { en as refusedEn } from "./refused.en";

export const texts = { en: { ...en, ...refusedEn }, de: { ...de, ...refusedDe } };
export type WordKey = keyof typeof texts.en;
export const useWords = catalogue(texts);

function known(key: string): key is WordKey {
  return key in texts.en;
}

function wordOf(t: Translate<WordKey>, prefix: string, word: string): string {
  const key = `${prefix}.${word}`;
  return known(key) ? t(key) : word.replaceAll("_", " ");
}

export const statusWord = (t: Translate<WordKey>, status: string): string => wordOf(t, "status", status);
export const orderWord = (t: Translate<WordKey>, status: string): string => wordOf(t, "order", status);
export const payoutWord = (t: Translate<WordKey>, status: string): string => wordOf(t, "payout", status);
export const payoutKindWord = (t: Translate<WordKey>, kind: string): string => wordOf(t, "payout.kind", kind);
export const barredWord = (t: Translate<WordKey>, code: string): string => wordOf(t, "barred", code);
export const reasonWord = (t: Translate<WordKey>, reason: string): string => wordOf(t, "reason", reason);

/** For answers that bring no code of ours, such as those of a proxy. */
const BY_STATUS: Record<number, WordKey> = {
  401: "refused.unauthenticated",
  403: "refused.forbidden",
  404: "refused.not_found",
  409: "refused.conflict",
  412: "refused.stale",
  422: "refused.invalid",
  429: "refused.limited",
  502: "refused.unavailable",
  503: "refused.unavailable",
  504: "refused.unavailable",
};

/** What went wrong and what to do next. */
export function failureWords(t: Translate<WordKey>, error: unknown): string {
  if (error instanceof Unreachable) return t("fail.unreachable");
  if (!(error instanceof Problem)) return t("fail.other", { code: error instanceof Error ? error.name : String(error) });
  const byStatus = BY_STATUS[error.status];
  if (byStatus && !known(`refused.${error.code}`)) return t(byStatus);
  return refusalWords(t, error.code, error.facts);
}

/** A refusal by its code; with the facts it brings, where the catalogue has a sentence for them. */
export function refusalWords(t: Translate<WordKey>, code: string, facts: Record<string, unknown> = {}): string {
  const [plain, told] = [`refused.${code}`, `refused.${code}.told`];
  const values = spoken(t, facts);
  if (known(told) && holes(texts.en[told]).every((name) => name in values)) return t(told, values);
  return known(plain) ? t(plain) : t("fail.other", { code });
}

export function holes(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
}

/** The facts of a refusal as they can stand in a sentence; what has no words is left out. */
function spoken(t: Translate<WordKey>, facts: Record<string, unknown>): Values {
  const values: Values = {};
  for (const [name, fact] of Object.entries(facts)) {
    if (typeof fact === "string" || typeof fact === "number") values[name] = fact;
    else if (isTexts(fact) && fact.length > 0) values[name] = fact.join(", ");
  }
  const fields = named(t, "input", facts["errors"], ({ field }) => String(field).split(".").findLast((part) => !/^\d+$/.test(part)));
  const reasons = named(t, "unfit", facts["refusals"], ({ code }) => String(code));
  return { ...values, ...(fields ? { fields } : {}), ...(reasons ? { reasons } : {}), ...fromTo(t, facts) };
}

function isTexts(fact: unknown): fact is string[] {
  return Array.isArray(fact) && fact.every((one) => typeof one === "string");
}

/** Each named thing once; null when there is none or one of them has no words. */
function named(
  t: Translate<WordKey>,
  prefix: string,
  list: unknown,
  nameOf: (entry: Record<string, unknown>) => string | undefined,
): string | null {
  if (!Array.isArray(list) || list.length === 0) return null;
  const keys = list.map((entry) => `${prefix}.${nameOf(entry as Record<string, unknown>)}`);
  return keys.every(known) ? [...new Set(keys.map((key) => t(key)))].join(", ") : null;
}

const MACHINES: Record<string, typeof statusWord> = { visit: statusWord, work_order: orderWord };

function fromTo(t: Translate<WordKey>, { machine, from_status, to_status }: Record<string, unknown>): Values {
  const word = MACHINES[String(machine)];
  return word ? { from: word(t, String(from_status)), to: word(t, String(to_status)) } : {};
}
