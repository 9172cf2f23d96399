// The home of a provider's manager: own people, their offers and jobs, and what the company is paid.
import { body } from "@firstfix/shared/api/client";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { Link, usePlace } from "@firstfix/shared/router";
import { Menu } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { Brand } from "@firstfix/shared/ui/signin";
import { useQuery } from "@tanstack/react-query";
import { client, forgetDay, session } from "../api";
import { useTexts as usePhoneTexts } from "../words";
import { fetchOffers } from "./api";
import { Jobs } from "./Jobs";
import { Money } from "./Money";
import { isOpen, Offers } from "./Offers";
import { People } from "./People";
import { useTexts } from "./words";

const PAGES = { people: People, offers: Offers, jobs: Jobs, money: Money };
type Name = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as Name[];
const isPage = (name: string | undefined): name is Name => name !== undefined && name in PAGES;

export function Company({ name }: { name: string }) {
  const t = useTexts();
  const { parts } = usePlace();
  const page = isPage(parts[0]) ? parts[0] : "people";
  const Content = PAGES[page];
  return (
    <>
      <a className="skip" href="#main">{t(page)}</a>
      <Bar name={name} page={page} />
      <main id="main">
        <div className="stack page company">
          <h1>{t(page)}</h1>
          <Content />
        </div>
      </main>
    </>
  );
}

function Bar({ name, page }: { name: string; page: Name }) {
  const t = useTexts();
  const phone = usePhoneTexts();
  const w = useWords();
  const { language, setLocale } = useLocale();
  const other = language === "en" ? "de" : "en";
  const { data } = useQuery({ queryKey: ["company", "offers"], queryFn: fetchOffers, refetchInterval: 30_000 });
  const waiting = data?.filter(isOpen).length ?? 0;
  const leave = async (): Promise<void> => {
    await body(client.POST("/api/auth/sign-out", {})).catch(() => undefined);
    session.close();
    forgetDay();
  };
  const items = [
    { key: "language", words: w(`language.${other}`), act: () => setLocale(other) },
    { key: "out", words: `${w("do.sign_out")} (${name})`, tone: "danger" as const, act: () => void leave() },
  ];
  return (
    <header className="bar">
      <div className="row spread">
        <Link to="/" className="plain-link">
          <Brand />
        </Link>
        <Menu label={phone("menu")} items={items}>
          <Icon name="more" />
        </Menu>
      </div>
      <nav className="pages company-pages" aria-label={phone("menu")}>
        {NAMES.map((one) => (
          <Link key={one} to={one === "people" ? "/" : `/${one}`} className="page-link" isCurrent={page === one}>
            {t(one)}
            {one === "offers" && waiting > 0 && <span className="count">{waiting}</span>}
          </Link>
        ))}
      </nav>
    </header>
  );
}
