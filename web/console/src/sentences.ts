// What the server says in a whole sentence: in English it stands as it is, since it knows more;
// other languages say it by its code.
import { fill, type Locale } from "@firstfix/shared/i18n/locale";
import { dayName, money } from "@firstfix/shared/time";
import type { Asset, Entitlement } from "./types";

type Other = Exclude<Locale, "en">;

const BROKEN: Record<Other, Record<string, string>> = {
  de: {
    skill_missing: "{name} hat eine nötige Qualifikation nicht.",
    skill_level: "{name} hat eine nötige Qualifikation nur auf einer niedrigeren Stufe.",
    credential_missing: "{name} hat für diese Zeit einen nötigen Nachweis nicht.",
    not_cleared: "{name} darf dann nicht arbeiten: gesperrt, oder ein Nachweis für alle fehlt.",
    language: "{name} spricht eine gewünschte Sprache nicht.",
    shift: "Die Arbeit liegt außerhalb der Schicht von {name}.",
    working_time: "Die Arbeitszeitregeln lassen {name} dann nicht arbeiten.",
    absence: "{name} ist dann abwesend.",
    break: "Für die Pause von {name} bleibt keine Zeit.",
    travel: "Die Fahrtzeit davor oder danach reicht für {name} nicht.",
    too_far: "Der Weg ist für {name} zu weit.",
    window: "Die Ankunft liegt außerhalb des zugesagten oder gewünschten Fensters.",
    too_early: "Die Arbeit hat zu dieser Zeit noch keinen Sinn.",
    excluded: "{name} soll hier nicht eingesetzt werden.",
    not_required: "{name} gehört nicht zu den verlangten Personen.",
    overlap: "{name} hat zu dieser Zeit andere Arbeit.",
    pinned: "An diesem Besuch ist etwas anderes gesperrt.",
  },
};

const UNKNOWN: Record<Other, string> = { de: "Für {name} wird eine Regel verletzt ({code})." };

/** A rule that an assignment would break. */
export function brokenRule(language: Locale, { code, sentence }: { code: string; sentence: string }, name: string): string {
  return language === "en" ? sentence : fill(BROKEN[language][code] ?? UNKNOWN[language], { name, code }, language);
}

const COVER: Record<Other, Record<"warranty" | "agreement" | "none", string>> = {
  de: {
    warranty: "Die Garantie von {name} deckt das bis {date} ab.",
    agreement: "Ein Vertrag deckt das ab.",
    none: "Weder Garantie noch Vertrag decken das ab. Der Preis ist {price}.",
  },
};

/** Who pays for a work order: the warranty, an agreement, or the customer. */
export function coverWords({ language, locale }: { language: Locale; locale: string }, cover: Entitlement, asset: Asset | null): string {
  if (language === "en") return cover.sentence;
  return fill(COVER[language][cover.by ?? "none"], {
    name: asset?.name ?? "",
    date: asset?.warranty_until ? dayName(asset.warranty_until, { locale }) : "",
    price: money(cover.price_cents, cover.currency, locale),
  });
}
