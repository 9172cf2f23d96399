// A stand-by that nobody has and nobody is asked for: the rota's own turn has the duty.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button } from "@firstfix/shared/ui/controls";
import type { StandByUncovered as Found } from "./api";
import { type AnswerKey, useAnswerTexts } from "./words";

export function StandByUncovered({ one, zone }: { one: Found; zone: string }) {
  const t = useAnswerTexts();
  const { locale } = useLocale();
  const told = (at: string): string => dayAndTime(at, { locale, zone });
  return (
    <article className="card stack tight">
      <span className="row spread">
        <strong>{one.rota_name}</strong>
        <Badge tone="danger">{t(`stand_bys.${one.status}` as AnswerKey)}</Badge>
      </span>
      <span>
        {told(one.starts_at)} – {told(one.ends_at)}
      </span>
      <span className="soft small">{t("stand_bys.turn")}</span>
      <span className="row wrap">
        <Button kind="primary" onClick={() => setQuery({ page: "on_call" })}>
          {t("stand_bys.open")}
        </Button>
      </span>
    </article>
  );
}
