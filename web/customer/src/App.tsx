// The customer's pages: start, book, follow, answer an alert.
import { useWords } from "@firstfix/shared/i18n/words";
import { go, Link, usePlace } from "@firstfix/shared/router";
import { Button, Empty, LanguageChoice } from "@firstfix/shared/ui/controls";
import { Brand } from "@firstfix/shared/ui/signin";
import { useSyncExternalStore } from "react";
import { AlertPage } from "./Alert";
import { forgetPerson, session } from "./api";
import { Booking } from "./booking/Booking";
import { WhoStep } from "./booking/Who";
import { Home } from "./Home";
import { hasLink } from "./link";
import { Track } from "./Track";
import { useTexts } from "./words";

export function useWho() {
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

export function App() {
  const t = useTexts();
  return (
    <>
      <a className="skip" href="#main">{t("nav.home")}</a>
      <header className="bar row spread">
        <Link to="/" className="plain-link">
          <Brand />
        </Link>
        <span className="row">
          <LanguageChoice />
          <SignOut />
        </span>
      </header>
      <main id="main" className="page stack">
        <Page />
      </main>
    </>
  );
}

function SignOut() {
  const w = useWords();
  const who = useWho();
  if (!who) return null;
  const leave = (): void => (session.close(), forgetPerson(), go("/"));
  return (
    <Button kind="quiet" onClick={leave}>
      {w("do.sign_out")}
    </Button>
  );
}

function Page() {
  const t = useTexts();
  const who = useWho();
  const { parts } = usePlace();
  const [first, id] = parts;
  if (!first) return <Home />;
  if (first === "book" && id) return <Booking code={decodeURIComponent(id)} />;
  if (!who && !hasLink()) return <WhoStep onDone={() => first === "sign-in" && go("/", { replace: true })} />;
  if (first === "sign-in") return <Home />;
  if (first === "visits" && id) return <Track id={id} />;
  if (first === "alerts" && id) return <AlertPage id={id} />;
  return <Empty title={t("page.none")}><Link to="/" className="button">{t("nav.home")}</Link></Empty>;
}
