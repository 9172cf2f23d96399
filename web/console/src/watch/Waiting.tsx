// Remedies above the limit of whoever proposed them: those that one may decide.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { money } from "@firstfix/shared/time";
import { Empty } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { fetchDecidable, type Remedy } from "./api";
import { Deciding } from "./Deciding";
import { Loaded, useSentence } from "./pieces";
import { useWatchTexts } from "./words";

export const useDecidable = () => useQuery({ queryKey: ["incidents", "decidable"], queryFn: fetchDecidable, refetchInterval: 60_000 });

export function Waiting() {
  const t = useWatchTexts();
  const remedies = useDecidable();
  return (
    <Loaded of={remedies} lines={4}>
      {(all) => {
        if (all.length === 0) return <Empty title={t("waiting.none")}>{t("waiting.none.more")}</Empty>;
        return all.map((one) => <Entry key={one.id} remedy={one} />);
      }}
    </Loaded>
  );
}

function Entry({ remedy }: { remedy: Remedy }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const sentence = useSentence();
  return (
    <div className="card stack tight">
      <span className="row wrap spread">
        <strong>{remedy.customer_name}</strong>
        <span>
          {t(`remedy.${remedy.kind}`)}, {money(remedy.cost_cents, remedy.currency, locale)}
        </span>
      </span>
      <span>{sentence(remedy.words)}</span>
      <span className="soft small">{t(`grant.${remedy.kind}`)}</span>
      <span>
        <button type="button" className="link" onClick={() => setQuery({ item: remedy.incident_id })}>
          {t("waiting.incident", { asset: remedy.asset_name })}
        </button>
      </span>
      <Deciding remedy={remedy} />
    </div>
  );
}
