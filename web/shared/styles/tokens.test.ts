import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const [light, dark] = css.split("prefers-color-scheme: dark") as [string, string];

function tokens(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1]!, m[2]!]));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const TEXT: [string, string][] = [
  ["ink", "ground"], ["ink", "surface"], ["ink", "sunken"], ["ink-soft", "ground"], ["ink-soft", "surface"],
  ["ink-soft", "sunken"], ["accent-ink", "accent"], ["danger-ink", "danger"], ["accent-text", "surface"],
  ["accent-text", "ground"], ["accent-text", "accent-soft"], ["danger-text", "danger-soft"], ["danger-text", "surface"],
  ["warn-text", "warn-soft"], ["ok-text", "ok-soft"], ["move-text", "move-soft"],
];
const SHAPES: [string, string][] = [
  ["line-strong", "surface"], ["line-strong", "ground"], ["accent", "ground"], ["accent", "surface"],
  ["danger", "surface"], ["warn", "surface"], ["ok", "surface"], ["move", "surface"],
];

describe.each([["light", tokens(light)], ["dark", tokens(dark)]])("the %s theme", (_, theme) => {
  it.each(TEXT)("%s on %s reads as text (4.5 : 1)", (front, back) => {
    expect(contrast(theme[front]!, theme[back]!)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(SHAPES)("%s on %s shows as a shape (3 : 1)", (front, back) => {
    expect(contrast(theme[front]!, theme[back]!)).toBeGreaterThanOrEqual(3);
  });
});
