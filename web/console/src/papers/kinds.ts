// The name by which the system knows a kind of credential, and the days of its reminders; plain functions.

const GERMAN: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

/** Such as `gas_licence` of "Gas licence"; empty where no letter can be kept. */
export function kindOf(name: string): string {
  const plain = name.toLowerCase().replace(/[äöüß]/g, (sign) => GERMAN[sign]!).normalize("NFD").replace(/\p{M}/gu, "");
  return plain.replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 60);
}

/** Whole days from 1 to 365, ten at most; null where something else is written. */
export function daysOf(text: string): number[] | null {
  const days = text.split(/[\s,;]+/).filter(Boolean).map(Number);
  return days.length <= 10 && days.every((one) => Number.isInteger(one) && one >= 1 && one <= 365) ? days : null;
}
