// The pages beside the board, and the menu that leads to them.
import { setQuery, usePlace } from "@firstfix/shared/router";
import { Button } from "@firstfix/shared/ui/controls";
import { Menu } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { Answers } from "../answers/Answers";
import { Stock } from "../stock/Stock";
import type { Territory } from "../types";
import { Alerts } from "../watch/Alerts";
import { Devices } from "../watch/Devices";
import { Incidents } from "../watch/Incidents";
import { Watch } from "../watch/Watch";
import { type TextKey, useTexts } from "../words";
import { Crowd } from "./Crowd";
import { Fairness } from "./Fairness";
import { Insights } from "./Insights";
import { OnCall } from "./OnCall";
import { Payouts } from "./Payouts";
import { Policies } from "./Policies";

const PAGES = { alerts: Alerts, incidents: Incidents, watch: Watch, devices: Devices, rules: Policies, insights: Insights, on_call: OnCall, stock: Stock, crowd: Crowd, answers: Answers, payouts: Payouts, fairness: Fairness };
type Name = keyof typeof PAGES;
/** Alerts have a button of their own. */
const IN_MENU = (Object.keys(PAGES) as Name[]).filter((name) => name !== "alerts");

export const isPage = (name: string | null): name is Name => name !== null && name in PAGES;

export function Page({ name, territory }: { name: Name; territory: Territory }) {
  const t = useTexts();
  const Content = PAGES[name];
  return (
    <main className="page" id="board">
      <div className="row wrap page-head">
        <Button onClick={() => setQuery({ page: null, policy: null, item: null, tab: null })}>
          <Icon name="back" size={18} />
          {t("page.back")}
        </Button>
        <h1>{t(`page.${name}` as TextKey)}</h1>
      </div>
      <Content territory={territory} />
    </main>
  );
}

const open = (page: Name): void => setQuery({ page, panel: null, visit: null, item: null, tab: null });

export function PagesMenu() {
  const t = useTexts();
  const items = IN_MENU.map((key) => ({ key, words: t(`page.${key}` as TextKey), act: () => open(key) }));
  return (
    <span className="wide-only">
      <Menu label={t("page.more")} items={items} />
    </span>
  );
}

/** The same in the phone's menu, where they stand open. */
export function PagesList() {
  const t = useTexts();
  const { query } = usePlace();
  return (
    <nav className="pages-list" aria-label={t("page.more")}>
      {IN_MENU.map((key) => (
        <Button key={key} aria-current={query.get("page") === key ? "page" : undefined} onClick={() => open(key)}>
          {t(`page.${key}` as TextKey)}
        </Button>
      ))}
    </nav>
  );
}
