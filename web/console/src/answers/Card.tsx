// One visit and the person it is about, with what can be done next.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, type Tone } from "@firstfix/shared/ui/controls";
import type { ReactNode } from "react";
import type { About } from "./api";
import { useAnswerTexts } from "./words";

interface CardProps {
  one: About;
  zone: string;
  badge: string;
  tone: Tone;
  /** In place of "Open the job". */
  openWords?: string;
  actions?: ReactNode;
  children?: ReactNode;
}

export function Card({ one, zone, badge, tone, openWords, actions, children }: CardProps) {
  const t = useAnswerTexts();
  const { locale } = useLocale();
  return (
    <article className="card stack tight" data-visit={one.visit_id}>
      <span className="row spread">
        <strong>{one.technician_name}</strong>
        <Badge tone={tone}>{badge}</Badge>
      </span>
      <span>{one.title}</span>
      <span className="soft small">
        {one.work_order_number} · {one.customer_name} · {one.site_address}
      </span>
      <span className="soft small">{t("planned", { time: dayAndTime(one.starts_at, { locale, zone }) })}</span>
      {children}
      <span className="row wrap">
        {actions}
        <Button kind="quiet" onClick={() => setQuery({ page: null, visit: one.visit_id })}>
          {openWords ?? t("open")}
        </Button>
      </span>
    </article>
  );
}

export function Call({ one }: { one: About }) {
  const t = useAnswerTexts();
  if (!one.technician_phone) return <span className="soft small">{t("no_phone")}</span>;
  return (
    <a className="button" href={`tel:${one.technician_phone}`}>
      {t("call", { phone: one.technician_phone })}
    </a>
  );
}
