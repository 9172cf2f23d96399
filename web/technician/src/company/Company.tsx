// The home of a provider's manager: own people, their offers and jobs, and what the company is paid.
import { Link, usePlace } from "@firstfix/shared/router";
import { useQuery } from "@tanstack/react-query";
import { Bar, leave } from "../Bar";
import { useTexts as usePhoneTexts } from "../words";
import { fetchOffers } from "./api";
import { Jobs } from "./Jobs";
import { Money } from "./Money";
import { isOpen, Offers } from "./Offers";
import { People } from "./People";
import { Times } from "./Times";
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
  const person = page === "people" ? parts[1] : undefined;
  return (
    <>
      <a className="skip" href="#main">{t(page)}</a>
      <CompanyBar name={name} page={page} />
      <main id="main">
        <div className="stack page company">
          <h1>{t(page)}</h1>
          {person ? <Times id={person} /> : <Content />}
        </div>
      </main>
    </>
  );
}

function CompanyBar({ name, page }: { name: string; page: Name }) {
  const t = useTexts();
  const phone = usePhoneTexts();
  const { data } = useQuery({ queryKey: ["company", "offers"], queryFn: fetchOffers, refetchInterval: 30_000 });
  const waiting = data?.filter(isOpen).length ?? 0;
  return (
    <Bar name={name} onLeave={leave}>
      <nav className="pages company-pages" aria-label={phone("menu")}>
        {NAMES.map((one) => (
          <Link key={one} to={one === "people" ? "/" : `/${one}`} className="page-link" isCurrent={page === one}>
            {t(one)}
            {one === "offers" && waiting > 0 && <span className="count">{waiting}</span>}
          </Link>
        ))}
      </nav>
    </Bar>
  );
}
