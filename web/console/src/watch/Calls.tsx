// Customers who must be phoned about an alert: why, by when, and what came of it.
import { setQuery } from "@firstfix/shared/router";
import { Button, Empty, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import type { Territory } from "../types";
import { Due } from "./Alerts";
import { type CallTask, fetchCalls, finishCall } from "./api";
import { Loaded, useSentence } from "./pieces";
import { useWatchTexts } from "./words";

export function Calls({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const calls = useQuery({ queryKey: ["alerts", "calls", territory.id], queryFn: () => fetchCalls(territory.id), refetchInterval: 60_000 });
  return (
    <Loaded of={calls} lines={4}>
      {(all) => {
        if (all.length === 0) return <Empty title={t("calls.none")}>{t("calls.none.more")}</Empty>;
        return all.toSorted((a, b) => a.due_at.localeCompare(b.due_at)).map((one) => <Call key={one.id} call={one} />);
      }}
    </Loaded>
  );
}

function Call({ call }: { call: CallTask }) {
  const t = useWatchTexts();
  const sentence = useSentence();
  const tell = useTell();
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState("");
  const send = async (): Promise<void> => {
    await finishCall(call.id, note.trim());
    tell(t("done.call"));
    void queries.invalidateQueries({ queryKey: ["alerts", "calls"] });
  };
  return (
    <div className="card stack tight">
      <span className="row wrap spread">
        <strong className="card-title">{call.customer_name}</strong>
        <Due at={call.due_at} />
      </span>
      <span>{sentence(call.words) || call.reason}</span>
      <span className="row wrap">
        {call.customer_phone && <a className="link" href={`tel:${call.customer_phone}`}>{call.customer_phone}</a>}
        <Button onClick={() => setQuery({ item: call.alert_id })}>{t("call.alert")}</Button>
        <Button kind="primary" onClick={() => setAsking(true)}>{t("call.done")}</Button>
      </span>
      {asking && (
        <FormDialog title={t("call.done.title", { name: call.customer_name })} submit={t("call.done.do")} onClose={() => setAsking(false)} onSubmit={send}>
          <LongText label={t("note")} value={note} onChange={setNote} rows={2} />
        </FormDialog>
      )}
    </div>
  );
}
