// What stands above every page: the brand, and a menu that ends with the language and signing out.
import { body } from "@firstfix/shared/api/client";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { Link } from "@firstfix/shared/router";
import { Menu, type MenuItem } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { Brand } from "@firstfix/shared/ui/signin";
import type { ReactNode } from "react";
import { client, forgetDay, session } from "./api";
import { useTexts } from "./words";

interface BarProps {
  name: string;
  items?: MenuItem[];
  /** Beside the menu. */
  aside?: ReactNode;
  onLeave: () => Promise<void>;
  /** Below the brand. */
  children?: ReactNode;
}

export function Bar({ name, items = [], aside, onLeave, children }: BarProps) {
  const t = useTexts();
  const w = useWords();
  const { language, setLocale } = useLocale();
  const other = language === "en" ? "de" : "en";
  const all: MenuItem[] = [
    ...items,
    { key: "language", words: w(`language.${other}`), act: () => setLocale(other) },
    { key: "out", words: `${w("do.sign_out")} (${name})`, tone: "danger", act: () => void onLeave() },
  ];
  return (
    <header className="bar">
      <div className="row spread">
        <Link to="/" className="plain-link">
          <Brand />
        </Link>
        {aside}
        <Menu label={t("menu")} items={all}>
          <Icon name="more" />
        </Menu>
      </div>
      {children}
    </header>
  );
}

export async function leave(): Promise<void> {
  await body(client.POST("/api/auth/sign-out", {})).catch(() => undefined);
  session.close();
  forgetDay();
}
