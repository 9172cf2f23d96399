// What freelancers ask for beside their pay: expenses with a receipt, an adjustment.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { payoutKindWord, useWords } from "@firstfix/shared/i18n/words";
import { money } from "@firstfix/shared/time";
import { Badge, Button, Failure, LongText, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import { useTexts } from "../words";
import { approvePayChange, fetchPayChanges, openPaper, type PayChange, refusePayChange } from "./crowd";

const refresh = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

export function PayChanges({ named }: { named: (id: string) => string }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const { act, busy } = useDo(refresh);
  const [refusing, setRefusing] = useState<PayChange | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "changes"], queryFn: fetchPayChanges });
  return (
    <section className="stack">
      <h2>{t("changes")}</h2>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={3} />)}
      {data?.length === 0 && <p className="soft">{t("changes.none")}</p>}
      {data?.map((one) => (
        <article key={one.id} className="card stack tight">
          <span className="row spread">
            <strong>{named(one.technician_id)}</strong>
            <Badge>{`${payoutKindWord(w, one.kind)} ${money(one.amount_cents, one.currency, locale)}`}</Badge>
          </span>
          <p>{one.reason}</p>
          <span className="row wrap">
            {one.document_id && (
              <Button kind="quiet" onClick={() => void openPaper(one.document_id!)}>
                {t("changes.receipt")}
              </Button>
            )}
            {one.amount_cents < 0 ? (
              <span className="soft small">{t("changes.theirs")}</span>
            ) : (
              <>
                <Button busy={busy} onClick={() => act(() => approvePayChange(one.id), t("crowd.done"))}>
                  {t("crowd.approve")}
                </Button>
                <Button kind="quiet" onClick={() => setRefusing(one)}>
                  {t("crowd.refuse")}
                </Button>
              </>
            )}
          </span>
        </article>
      ))}
      {refusing && <Refuse change={refusing} onClose={() => setRefusing(null)} />}
    </section>
  );
}

function Refuse({ change, onClose }: { change: PayChange; onClose: () => void }) {
  const t = useTexts();
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("crowd.refuse")}
      submit={t("crowd.refuse")}
      disabled={reason.trim().length < 3}
      onClose={onClose}
      onSubmit={() => refusePayChange(change.id, reason.trim()).then(refresh)}
    >
      <LongText label={t("crowd.refuse.why")} value={reason} onChange={setReason} required />
    </FormDialog>
  );
}
