import { describe, expect, it } from "vitest";
import { brokenRule, coverWords } from "./sentences";
import type { Asset, Entitlement } from "./types";

const absence = { code: "absence", sentence: "Aylin is away (illness) until 18:00." };

describe("a broken rule", () => {
  it("is told in the server's words on an English screen", () => {
    expect(brokenRule("en", absence, "Aylin")).toBe(absence.sentence);
  });
  it("is told by its code and the person's name on a German one", () => {
    expect(brokenRule("de", absence, "Aylin")).toBe("Aylin ist dann abwesend.");
  });
  it("is never English on a German screen, even when its code is new", () => {
    expect(brokenRule("de", { ...absence, code: "brand_new" }, "Aylin")).toBe("Für Aylin wird eine Regel verletzt (brand_new).");
  });
});

describe("who pays", () => {
  const screen = { language: "de", locale: "de-DE" } as const;
  const boiler = { name: "Therme", warranty_until: "2026-05-01" } as Asset;
  const cover = { currency: "EUR", price_cents: 0, sentence: "An English sentence." } as Entitlement;
  it("is the server's sentence in English", () => {
    expect(coverWords({ language: "en", locale: "en-GB" }, { ...cover, by: "warranty" }, boiler)).toBe(cover.sentence);
  });
  it("is told by what covers the work in German", () => {
    expect(coverWords(screen, { ...cover, by: "warranty" }, boiler)).toMatch(/^Die Garantie von Therme deckt das bis .*1\. Mai.* ab\.$/);
    expect(coverWords(screen, { ...cover, by: "agreement" }, null)).toBe("Ein Vertrag deckt das ab.");
    expect(coverWords(screen, { ...cover, by: null, price_cents: 9_900 }, null)).toMatch(/99,00\s€\.$/);
  });
});
