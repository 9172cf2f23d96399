// Taking a call: who, where, what, when, in one panel while the caller is on the phone.
import { isProblem } from "@firstfix/shared/api/problem";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { useWords } from "@firstfix/shared/i18n/words";
import { clockTime, dayName, timeRange } from "@firstfix/shared/time";
import { Badge, Button, Notice } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useState } from "react";
import type { Board } from "../state";
import type { Asset, Customer, Site } from "../types";
import { useTexts } from "../words";
import { What } from "./What";
import { type Booked, When } from "./When";
import { Where } from "./Where";
import { Who } from "./Who";

export interface Call {
  customer?: Customer;
  site?: Site;
  asset?: Asset | null;
  opened?: { orderId: string; visitId: string; number: string };
  booked?: Booked | "open";
}

export function Intake({ board, onClose }: { board: Board; onClose: () => void }) {
  const t = useTexts();
  const w = useWords();
  const [call, setCall] = useState<Call>({});
  const { customer, site, opened, booked } = call;
  return (
    <aside className="panel" aria-label={t("intake.title")}>
      <div className="row spread panel-head">
        <h2>{t("intake.title")}</h2>
        <Button kind="quiet" size="icon" aria-label={w("do.close")} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      <div className="stack">
        {!customer && <Who onChoose={(chosen) => setCall({ customer: chosen })} />}
        {customer && <Chosen words={customer.name} more={customer.phone ?? customer.email} onBack={opened ? undefined : () => setCall({})} />}
        {customer?.vulnerable && <Badge tone="warn">{t("intake.vulnerable")}</Badge>}
        {customer && !site && <Where customer={customer} board={board} onChoose={(place, asset) => setCall({ customer, site: place, asset })} />}
        {customer && site && (
          <Chosen words={site.address} more={call.asset ? `${call.asset.name} ${call.asset.model}` : null} onBack={opened ? undefined : () => setCall({ customer })} />
        )}
        {customer && site && !opened && (
          <What customer={customer} site={site} asset={call.asset ?? null} onOpened={(order) => setCall({ ...call, opened: order })} />
        )}
        {opened && !booked && (
          <When
            opened={opened}
            zone={board.zone}
            onBooked={(window) => setCall({ ...call, booked: window })}
            onLeave={() => setCall({ ...call, booked: "open" })}
          />
        )}
        {opened && booked && <Done booked={booked} number={opened.number} zone={board.zone} onNext={() => setCall({})} />}
      </div>
    </aside>
  );
}

function Chosen({ words, more, onBack }: { words: string; more: string | null; onBack: (() => void) | undefined }) {
  const t = useTexts();
  return (
    <div className="row spread chosen">
      <span className="stack tight grow">
        <strong>{words}</strong>
        {more && <span className="soft small">{more}</span>}
      </span>
      {onBack && (
        <Button kind="quiet" onClick={onBack}>
          {t("intake.other")}
        </Button>
      )}
    </div>
  );
}

interface DoneProps {
  booked: NonNullable<Call["booked"]>;
  number: string;
  zone: string;
  onNext: () => void;
}

function Done({ booked, number, zone, onNext }: DoneProps) {
  const t = useTexts();
  const { locale } = useLocale();
  const zoned = { locale, zone };
  return (
    <>
      <Notice tone="ok">
        <strong>{number}</strong>
        <p>
          {booked === "open" ? t("intake.windows.none.more") : promised(booked)}
        </p>
      </Notice>
      <Button kind="primary" onClick={onNext}>
        {t("intake.next")}
      </Button>
    </>
  );

  function promised({ start, end, confirm_by }: Booked): string {
    const when = `${dayName(start, zoned)}, ${timeRange(start, end, zoned)}`;
    if (!confirm_by) return t("intake.confirmed", { when });
    return t("intake.asked", { when, by: `${dayName(confirm_by, zoned)}, ${clockTime(confirm_by, zoned)}` });
  }
}

export function isGone(error: unknown): boolean {
  return isProblem(error) && error.status === 409;
}
