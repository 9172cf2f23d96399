// What was said between us and the customer, and a line to add.
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { Button, Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fetchMessages, queries, sendMessage } from "../api";
import { maybe, useTexts } from "../words";

export function Messages({ customerId, visitId, zone }: { customerId: string; visitId: string; zone: string }) {
  const t = useTexts();
  const { locale } = useLocale();
  const { data, error, refetch } = useQuery({ queryKey: ["messages", customerId], queryFn: () => fetchMessages(customerId) });
  return (
    <details className="fold" open>
      <summary>{t("visit.messages")}</summary>
      {error && !data ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Skeleton lines={2} />}
      {data?.length === 0 && <p className="soft small">{t("visit.messages.none")}</p>}
      <ul className="stack tight thread">
        {data?.map((message) => (
          <li key={message.id} className="bubble" data-direction={message.direction}>
            <span className="soft small">
              {maybe(t, "message", message.direction)}, {maybe(t, "channel", message.channel)}, {dayAndTime(message.created_at, { locale, zone })} ·{" "}
              {maybe(t, "message", message.status)}
            </span>
            <span>{message.text}</span>
          </li>
        ))}
      </ul>
      <Write customerId={customerId} visitId={visitId} />
    </details>
  );
}

function Write({ customerId, visitId }: { customerId: string; visitId: string }) {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await sendMessage(customerId, visitId, text.trim());
      setText("");
      tell(t("visit.message.sent"));
    } catch (error) {
      tell(failureWords(w, error));
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ["messages"] });
    }
  };
  return (
    <form className="row" onSubmit={(event) => void send(event)}>
      <input className="input" aria-label={t("visit.message.write")} placeholder={t("visit.message.hint")} value={text} onChange={(e) => setText(e.target.value)} />
      <Button type="submit" busy={busy} disabled={!text.trim()}>
        {t("visit.message.send")}
      </Button>
    </form>
  );
}
