// The shapes of the customer's API.
import type { components } from "@firstfix/shared/api/schema";

type Schemas = components["schemas"];
export type CatalogEntry = Schemas["CatalogEntry"];
export type CustomerMe = Schemas["CustomerMe"];
export type Track = Schemas["Track"];
export type VisitMine = Schemas["VisitMine"];
export type Window = Schemas["WindowShown"];
export type Held = Schemas["Held"];
export type AlertShown = Schemas["AlertShown"];
export type WorkRequest = Schemas["WorkRequest"];

export interface Question {
  id: string;
  text: string;
  required: boolean;
  options: { value: string; label: string }[];
}

/** A place in the plan that nobody has told the customer is no booking yet. */
export function shownStatus({ status, arrival_start }: Pick<VisitMine, "status" | "arrival_start">): string {
  return status === "scheduled" && !arrival_start ? "unscheduled" : status;
}

/** Their labels are words of the catalogue, because the question brings none. */
const YES_NO = [
  { value: "yes", label: "rate.yes" },
  { value: "no", label: "rate.no" },
];

/** Work types carry their questions as free data; this reads what can be asked on a page. */
export function questionsOf(entry: Pick<CatalogEntry, "questions">): Question[] {
  return entry.questions.map((question) => {
    const text = String(question["text"] ?? "");
    const options = Array.isArray(question["options"]) ? (question["options"] as unknown[]) : [];
    const isYesNo = question["kind"] === "yes_no" && options.length === 0;
    return {
      id: String(question["id"] ?? question["key"] ?? text),
      text,
      required: question["required"] === true,
      options: isYesNo ? YES_NO : options.map(optionOf),
    };
  });
}

function optionOf(option: unknown): { value: string; label: string } {
  if (typeof option !== "object" || option === null) return { value: String(option), label: String(option) };
  const { value, label, text } = option as Record<string, unknown>;
  return { value: String(value), label: String(label ?? text ?? value) };
}
