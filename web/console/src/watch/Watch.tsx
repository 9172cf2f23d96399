// Watching machines: rules, the decision table, what follows silence, what remedies cost, quiet times, models, how good they are, and which machines fail most.
import type { ComponentType } from "react";
import type { Territory } from "../types";
import { Ladders } from "./Ladders";
import { Models } from "./Models";
import { TabbedPage } from "./pieces";
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

export function Watch({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const tabs = Object.entries(TABS).map(([key, Content]) => ({ key, words: t(`watch.${key}` as WatchKey), Content }));
  return <TabbedPage label={t("watch.tabs")} tabs={tabs} territory={territory} />;
}
