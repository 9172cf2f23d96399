// The language of the screen: English and German catalogues, chosen by the browser or by hand.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

export const LOCALES = ["en", "de"] as const;
export type Locale = (typeof LOCALES)[number];
export type Values = Record<string, string | number>;

const KEY = "firstfix.locale";

interface LocaleState {
  /** The language of the words. */
  language: Locale;
  /** The language with the reader's region, for dates and money. */
  locale: string;
  setLocale: (locale: Locale) => void;
}

const LocaleContext = createContext<LocaleState>({ language: "en", locale: "en-GB", setLocale: () => {} });

export function firstLocale(): Locale {
  const wanted = [localStorage.getItem(KEY) ?? "", ...navigator.languages];
  const found = wanted.map((tag) => tag.slice(0, 2)).find((tag) => (LOCALES as readonly string[]).includes(tag));
  return (found as Locale | undefined) ?? "en";
}

const REGIONS: Record<Locale, string> = { en: "en-GB", de: "de-DE" };

function withRegion(language: Locale): string {
  return navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? REGIONS[language];
}

export function LocaleProvider({ children }: { children: ReactNode }) {
  const [language, setLocale] = useState(firstLocale);
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(KEY, language);
  }, [language]);
  const state = useMemo(() => ({ language, locale: withRegion(language), setLocale }), [language]);
  return <LocaleContext value={state}>{children}</LocaleContext>;
}

export function useLocale(): LocaleState {
  return useContext(LocaleContext);
}

/** Fills {name}; "one thing | {count} things" is chosen by the number in `count`. */
export function fill(text: string, values: Values = {}, locale: string = "en"): string {
  const forms = text.split(" | ");
  const count = values["count"];
  const plural = typeof count === "number" && new Intl.PluralRules(locale).select(count) !== "one";
  const form = forms.length > 1 && plural ? forms[1]! : forms[0]!;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export type Translate<K extends string> = (key: K, values?: Values) => string;

/** Makes a hook over catalogues that must have the same keys in every language. */
export function catalogue<T extends Record<string, string>>(
  texts: { en: T } & Record<Exclude<Locale, "en">, Record<keyof T, string>>,
): () => Translate<Extract<keyof T, string>> {
  return function useTexts() {
    const { language } = useLocale();
    return useMemo(() => (key, values) => fill(texts[language][key], values, language), [language]);
  };
}
