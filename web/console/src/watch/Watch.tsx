// Watching machines: rules, the decision table, what follows silence, what remedies cost, quiet times, models, how good they are, and which machines fail most.
import { setQuery, usePlace } from "@firstfix/shared/router";
import type { ComponentType } from "react";
import type { Territory } from "../types";
import { Ladders } from "./Ladders";
import { Models } from "./Models";
import { Tabs } from "./pieces";
import { Playbooks } from "./Playbooks";
import { Quiet } from "./Quiet";
import { Radar } from "./Radar";
import { RemedyTerms } from "./RemedyTerms";
import { Rules } from "./Rules";
import { TrackRecords } from "./TrackRecords";
import { useWatchTexts, type WatchKey } from "./words";

const TABS = { rules: Rules, playbooks: Playbooks, ladders: Ladders, terms: RemedyTerms, quiet: Quiet, record: TrackRecords, models: Models, radar: Radar } satisfies Record<
  string,
  ComponentType<{ territory: Territory }>
>;
type Name = keyof typeof TABS;

export function Watch({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const wanted = usePlace().query.get("tab") ?? "";
  const name: Name = wanted in TABS ? (wanted as Name) : "rules";
  const Content = TABS[name];
  return (
    <>
      <Tabs
        label={t("watch.tabs")}
        value={name}
        onChange={(tab) => setQuery({ tab, item: null })}
        tabs={(Object.keys(TABS) as Name[]).map((key) => ({ key, words: t(`watch.${key}` as WatchKey) }))}
      />
      <Content territory={territory} />
    </>
  );
}
