import { describe, expect, it } from "vitest";
import { Problem, Unreachable } from "../api/problem";
import { fill, LOCALES, type Translate } from "./locale";
import { failureWords, holes, refusalWords, texts, type WordKey } from "./words";

const de: Translate<WordKey> = (key, values) => fill(texts.de[key], values, "de");

function refused(status: number, body: Record<string, unknown>): string {
  return failureWords(de, new Problem(status, { detail: "The server's own English words.", ...body }));
}

describe("a refusal", () => {
  it("is told by its code, in the language of the screen", () => {
    expect(refused(409, { code: "offer_withdrawn" })).toBe(texts.de["refused.offer_withdrawn"]);
  });
  it("is told with its facts where it brings them", () => {
    expect(refused(409, { code: "stock_short", quantity: 3 })).toContain("nur 3 Stück");
    expect(refused(409, { code: "prerequisites_open", prerequisites: ["Anzahlung", "Genehmigung"] })).toContain("Anzahlung, Genehmigung");
  });
  it("is told without facts where they are missing, as on a phone's page of unsent actions", () => {
    expect(refusalWords(de, "stock_short")).toBe(texts.de["refused.stock_short"]);
    expect(refused(409, { code: "prerequisites_open", prerequisites: [] })).toBe(texts.de["refused.prerequisites_open"]);
  });
  it("names states by their words, and only those of machines a person sees", () => {
    const move = { code: "illegal_move", from_status: "completed", to_status: "en_route" };
    expect(refused(409, { ...move, machine: "visit" })).toBe("Der Stand ist jetzt „Erledigt“, und „Unterwegs“ geht nicht mehr.");
    expect(refused(409, { ...move, machine: "plan" })).toBe(texts.de["refused.illegal_move"]);
  });
  it("names the fields of a form once, and none when one of them has no words", () => {
    const at = (...fields: string[]) => ({ code: "malformed", errors: fields.map((field) => ({ field, message: "Field required" })) });
    expect(refused(422, at("site.latitude", "call_log.0.outcome", "latitude"))).toBe("Bitte prüfen Sie: Breite, Ergebnis des Anrufs.");
    expect(refused(422, at("latitude", "seat_map"))).toBe(texts.de["refused.malformed"]);
  });
  it("gives the reasons why people cannot take a visit", () => {
    const refusals = [{ code: "too_far" }, { code: "too_far" }, { code: "skill_missing" }];
    expect(refused(422, { code: "technician_not_eligible", refusals })).toContain("jemand wohnt zu weit weg, jemandem fehlt eine Qualifikation");
  });
});

describe("an answer without a code of ours", () => {
  it("is told by its status, and never in the server's words", () => {
    expect(refused(404, {})).toBe(texts.de["refused.not_found"]);
    expect(refused(409, { code: "brand_new" })).toBe(texts.de["refused.conflict"]);
    expect(refused(500, {})).toContain("(http_500)");
  });
  it("is told apart from a network that is away and from a fault of the page", () => {
    expect(failureWords(de, new Unreachable())).toBe(texts.de["fail.unreachable"]);
    expect(failureWords(de, new TypeError("x is not a function"))).toContain("(TypeError)");
  });
});

describe("the catalogues", () => {
  it("ask for the same facts in every language", () => {
    for (const key of Object.keys(texts.en) as WordKey[])
      for (const locale of LOCALES) expect([key, holes(texts[locale][key]).sort()]).toEqual([key, holes(texts.en[key]).sort()]);
  });
});
