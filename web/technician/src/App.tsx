// The technician's app: one bar, four pages; the manager of a provider has other pages.
import { go, Link, usePlace } from "@firstfix/shared/router";
import { Badge } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { SignIn } from "@firstfix/shared/ui/signin";
import { useEffect, useSyncExternalStore } from "react";
import { UnsentBadge } from "./Actions";
import { forgetDay, sendPosition, session, signIn } from "./api";
import { Bar, leave } from "./Bar";
import { Company } from "./company/Company";
import { DutyPage } from "./Duty";
import { JobPage } from "./Job";
import { JoinPage } from "./Join";
import { EarningsPage } from "./Earnings";
import { isFreelancer, OffersPage, useOfferCount } from "./Offers";
import { ProfilePage } from "./Profile";
import { ScorePage } from "./Score";
import { SharedProvider, useShared } from "./state";
import { Today } from "./Today";
import { UnsentPage } from "./Unsent";
import { useTexts } from "./words";

export function App() {
  const t = useTexts();
  const who = useSyncExternalStore(session.subscribe, session.snapshot);
  const { parts } = usePlace();
  if (parts[0] === "join") return <JoinPage />;
  if (!who)
    return <SignIn title={t("sign_in.title")} signIn={signIn} onSignedIn={(tokens) => (forgetDay(), session.open(tokens))} />;
  if (who.roles.includes("provider_manager")) return <Company name={who.name} />;
  return (
    <SharedProvider person={who.subject_id ?? who.account_id ?? "nobody"}>
      <a className="skip" href="#main">{t("today")}</a>
      <TechnicianBar name={who.name} />
      <Tracking />
      <main id="main">
        <Page />
      </main>
    </SharedProvider>
  );
}

function Page() {
  const { parts } = usePlace();
  if (parts[0] === "jobs" && parts[1]) return <JobPage id={parts[1]} />;
  if (parts[0] === "offers") return <OffersPage />;
  if (parts[0] === "earnings") return <EarningsPage />;
  if (parts[0] === "profile") return <ProfilePage />;
  if (parts[0] === "score") return <ScorePage />;
  if (parts[0] === "on-call") return <DutyPage />;
  if (parts[0] === "unsent") return <UnsentPage />;
  return <Today />;
}

function TechnicianBar({ name }: { name: string }) {
  const t = useTexts();
  const { isOnline, isOnDuty, commands } = useShared();
  const onLeave = useLeave();
  const items = [
    ...(isFreelancer()
      ? [
          { key: "earnings", words: t("earnings"), act: () => go("/earnings") },
          { key: "score", words: t("score"), act: () => go("/score") },
        ]
      : []),
    { key: "file", words: t("file"), act: () => go("/profile") },
    { key: "on_call", words: t("on_call"), act: () => go("/on-call") },
    { key: "unsent", words: t("unsent.title"), act: () => go("/unsent") },
  ];
  return (
    <Bar name={name} items={items} aside={<DutySwitch isOn={isOnDuty} />} onLeave={onLeave}>
      {isFreelancer() && <Ways />}
      {(!isOnline || commands.length > 0) && (
        <div className="row signals">
          {!isOnline && (
            <Badge tone="warn">
              <Icon name="offline" size={14} />
              {t("offline")}
            </Badge>
          )}
          <Link to="/unsent" className="plain-link">
            <UnsentBadge />
          </Link>
        </div>
      )}
    </Bar>
  );
}

/** A freelancer's two pages, one tap apart. */
function Ways() {
  const t = useTexts();
  const { path } = usePlace();
  const count = useOfferCount();
  return (
    <nav className="pages" aria-label={t("menu")}>
      <Link to="/" className="page-link" isCurrent={path === "/"}>
        {t("today")}
      </Link>
      <Link to="/offers" className="page-link" isCurrent={path === "/offers"}>
        {t("offers")}
        {count > 0 && <span className="count">{count}</span>}
      </Link>
    </nav>
  );
}

function DutySwitch({ isOn }: { isOn: boolean }) {
  const t = useTexts();
  const { act } = useShared();
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={isOn}
      title={t("duty.hint")}
      onClick={() => void act("duty", null, { on_duty: !isOn }, t("did.duty"))}
    >
      <span className="knob" aria-hidden="true" />
      {isOn ? t("duty.on") : t("duty.off")}
    </button>
  );
}

const POSITION_EVERY_MS = 30_000;

/** Tells the office where this phone is, only while on duty. */
function Tracking() {
  const { isOnDuty, isOnline } = useShared();
  useEffect(() => {
    if (!isOnDuty || !isOnline || !navigator.geolocation) return;
    let sentAt = 0;
    const watch = navigator.geolocation.watchPosition(
      (position) => {
        if (Date.now() - sentAt < POSITION_EVERY_MS) return;
        sentAt = Date.now();
        void sendPosition(position).catch(() => undefined);
      },
      () => undefined,
      { maximumAge: POSITION_EVERY_MS },
    );
    return () => navigator.geolocation.clearWatch(watch);
  }, [isOnDuty, isOnline]);
  return null;
}

function useLeave(): () => Promise<void> {
  const t = useTexts();
  const tell = useTell();
  const { commands } = useShared();
  return async () => {
    if (commands.some((command) => command.state === "waiting")) {
      tell(t("sign_out.unsent"));
      return;
    }
    await leave();
  };
}
