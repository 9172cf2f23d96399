// What was done without a connection: what waits, and why something was not accepted.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { refusalWords, useWords } from "@firstfix/shared/i18n/words";
import { Link } from "@firstfix/shared/router";
import { clockTime } from "@firstfix/shared/time";
import { Button, Empty, Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useState } from "react";
import type { Command } from "./database";
import { useShared } from "./state";
import { useTexts } from "./words";
import { commandWord } from "./words-of";

export function UnsentPage() {
  const t = useTexts();
  const { commands, areCommandsKnown } = useShared();
  const waiting = commands.filter((command) => command.state === "waiting");
  const refused = commands.filter((command) => command.state === "refused");
  return (
    <div className="stack page">
      <Link to="/" className="row back">
        <Icon name="back" />
        {t("today")}
      </Link>
      <h1>{t("unsent.title")}</h1>
      {!areCommandsKnown && <Skeleton lines={4} />}
      {areCommandsKnown && commands.length === 0 && <Empty title={t("unsent.none")}>{t("unsent.none.more")}</Empty>}
      {refused.length > 0 && (
        <section className="stack">
          <h2>{t("unsent.refused")}</h2>
          <p className="soft">{t("unsent.refused.hint")}</p>
          {refused.map((command) => (
            <Refused key={command.seq} command={command} />
          ))}
        </section>
      )}
      {waiting.length > 0 && <Waiting commands={waiting} />}
    </div>
  );
}

function Line({ command }: { command: Command }) {
  const t = useTexts();
  const w = useWords();
  const { locale } = useLocale();
  const { day } = useShared();
  const time = clockTime(command.at, { locale, zone: day?.value.time_zone });
  return (
    <>
      <strong>{t("unsent.at", { action: commandWord(t, w, command), time })}</strong>
      <span className="soft">{command.about}</span>
    </>
  );
}

function Refused({ command }: { command: Command }) {
  const t = useTexts();
  const w = useWords();
  const { queue } = useShared();
  return (
    <div className="notice" data-tone="danger">
      <div className="grow stack tight">
        <Line command={command} />
        <p>{refusalWords(w, command.code ?? "failed")}</p>
        <div>
          <Button onClick={() => void queue?.dismiss(command.seq)}>{t("unsent.dismiss")}</Button>
        </div>
      </div>
    </div>
  );
}

function Waiting({ commands }: { commands: Command[] }) {
  const t = useTexts();
  const { queue } = useShared();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    await queue?.flush().catch(setError);
    setBusy(false);
  };
  return (
    <section className="stack">
      <h2>{t("unsent.waiting")}</h2>
      <ol className="stack">
        {commands.map((command) => (
          <li key={command.seq} className="card stack tight">
            <Line command={command} />
          </li>
        ))}
      </ol>
      <Failure error={error} />
      <Button kind="primary" size="big" busy={busy} onClick={() => void send()}>
        {t("unsent.send")}
      </Button>
    </section>
  );
}
