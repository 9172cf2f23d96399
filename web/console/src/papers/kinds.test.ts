import { describe, expect, it } from "vitest";
import { daysOf, kindOf } from "./kinds";

describe("kindOf", () => {
  it("keeps letters and digits", () => {
    expect(kindOf("Gas licence, level 2")).toBe("gas_licence_level_2");
    expect(kindOf("Führerschein für Größe É")).toBe("fuehrerschein_fuer_groesse_e");
  });
  it("begins with a letter and has sixty signs at most", () => {
    expect(kindOf("18 V check")).toBe("v_check");
    expect(kindOf("x".repeat(80))).toHaveLength(60);
    expect(kindOf("допуск")).toBe("");
  });
});

describe("daysOf", () => {
  it("takes whole days of a year", () => {
    expect(daysOf("30, 7 1")).toEqual([30, 7, 1]);
    expect(daysOf("")).toEqual([]);
    for (const wrong of ["0", "366", "1.5", "soon", "1 2 3 4 5 6 7 8 9 10 11"]) expect(daysOf(wrong)).toBeNull();
  });
});
