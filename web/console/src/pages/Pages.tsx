// The pages beside the board, and the menu that leads to them.
import { setQuery } from "@firstfix/shared/router";
import { Button } from "@firstfix/shared/ui/controls";
import { Menu } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import type { Territory } from "../types";
import { type TextKey, useTexts } from "../words";
import { Insights } from "./Insights";
import { OnCall } from "./OnCall";
import { Policies } from "./Policies";

const PAGES = { rules: Policies, insights: Insights, on_call: OnCall };
type Name = keyof typeof PAGES;

export const isPage = (name: string | null): name is Name => name !== null && name in PAGES;

export function Page({ name, territory }: { name: Name; territory: Territory }) {
  const t = useTexts();
  const Content = PAGES[name];
  return (
    <main className="page" id="board">
      <div className="row wrap">
        <Button onClick={() => setQuery({ page: null, policy: null })}>
          <Icon name="back" size={18} />
          {t("page.back")}
        </Button>
        <h1>{t(`page.${name}` as TextKey)}</h1>
      </div>
      <Content territory={territory} />
    </main>
  );
}

export function PagesMenu() {
  const t = useTexts();
  const items = (Object.keys(PAGES) as Name[]).map((key) => ({
    key,
    words: t(`page.${key}` as TextKey),
    act: () => setQuery({ page: key, panel: null, visit: null }),
  }));
  return <Menu label={t("page.more")} items={items} />;
}
