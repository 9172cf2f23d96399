// The moves of a job: one big next action, the others behind it, each with what it asks for.
import { reasonWord, useWords } from "@firstfix/shared/i18n/words";
import { minutesText } from "@firstfix/shared/time";
import { Badge, Button, Choice, LongText } from "@firstfix/shared/ui/controls";
import { FormDialog, Menu, type MenuItem, useTell } from "@firstfix/shared/ui/dialog";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchBackOutCost } from "./api";
import { BackOutForm } from "./BackOut";
import { bigMove, type NextMove, otherMoves, OVER, RUNNING } from "./moves";
import { type Job, useShared } from "./state";
import { useWishTexts, WishDialog } from "./Wishes";
import { type TextKey, useTexts } from "./words";
import { moveWord, ownStatusWord } from "./words-of";

type Asking = "completed" | "incomplete" | "back_out" | "late" | "wish";

export function BigAction({ job, more = false }: { job: Job; more?: boolean }) {
  const t = useTexts();
  const [asking, setAsking] = useState<Asking | null>(null);
  const take = useTake(job);
  const big = bigMove(job.status, job.next_moves);
  const choose = (move: NextMove): void => {
    if (move.to === "completed" || move.to === "incomplete") setAsking(move.to);
    else void take({ to: move.to });
  };
  return (
    <div className="row actions">
      {big ? (
        <Button kind="primary" size="big" className="grow" onClick={() => choose(big)}>
          {moveWord(t, big.to, job.status)}
        </Button>
      ) : (
        !OVER.has(job.status) && <p className="soft grow">{t("job.not_sent")}</p>
      )}
      {more && <OtherMoves job={job} choose={choose} ask={setAsking} />}
      {asking === "completed" && <FinishDialog job={job} onClose={() => setAsking(null)} />}
      {asking === "incomplete" && <IncompleteDialog job={job} onClose={() => setAsking(null)} />}
      {asking === "back_out" && <BackOutDialog job={job} onClose={() => setAsking(null)} />}
      {asking === "wish" && <WishDialog job={job} onClose={() => setAsking(null)} />}
      {asking === "late" && <LateDialog job={job} onClose={() => setAsking(null)} />}
    </div>
  );
}

function OtherMoves({ job, choose, ask }: { job: Job; choose: (move: NextMove) => void; ask: (what: Asking) => void }) {
  const t = useTexts();
  const w = useWords();
  const wishes = useWishTexts();
  const items: MenuItem[] = otherMoves(job.status, job.next_moves).map((move) => ({
    key: move.to,
    words: move.is_correction ? t("correct", { status: ownStatusWord(t, w, move.to) }) : moveWord(t, move.to, job.status),
    tone: move.to === "incomplete" ? ("danger" as const) : ("neutral" as const),
    act: () => choose(move),
  }));
  if (["dispatched", "accepted", "en_route"].includes(job.status))
    items.push({ key: "late", words: t("late"), tone: "neutral", act: () => ask("late") });
  if (job.may_back_out && !RUNNING.has(job.status))
    items.push({ key: "back_out", words: t("back_out"), tone: "danger", act: () => ask("back_out") });
  items.push({ key: "wish", words: wishes("wish"), tone: "neutral", act: () => ask("wish") });
  return (
    <Menu label={w("do.more")} items={items}>
      <Icon name="more" />
    </Menu>
  );
}

/** Takes a move on this phone and says when it could not be sent yet. */
function useTake(job: Job): (payload: Record<string, unknown>) => Promise<void> {
  const t = useTexts();
  const tell = useTell();
  const { act, queue } = useShared();
  return async (payload) => {
    await act("move", job, payload, job.title);
    const waiting = (await queue?.list())?.some((command) => command.state === "waiting");
    if (waiting) tell(t("saved_offline"));
  };
}

const FOUND: TextKey[] = ["found.as_reported", "found.other_fault", "found.no_fault"];

function FinishDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useTexts();
  const take = useTake(job);
  const [found, setFound] = useState("");
  const [note, setNote] = useState("");
  const steps = job.checklist.map((step) => String(step["title"] ?? step["text"] ?? step["name"] ?? ""));
  const [ticked, setTicked] = useState<string[]>([]);
  const finish = (): Promise<void> =>
    take({
      to: "completed",
      verdict: found,
      report: { note, checklist: steps.map((title) => ({ title, done: ticked.includes(title) })) },
    });
  return (
    <FormDialog title={t("finish.title")} submit={t("finish.done")} disabled={!found} onClose={onClose} onSubmit={finish}>
      <fieldset className="choices">
        <legend>{t("finish.found")}</legend>
        {FOUND.map((key) => {
          const value = key.slice("found.".length);
          return (
            <label key={key} className="choice">
              <input type="radio" name="found" value={value} checked={found === value} onChange={() => setFound(value)} />
              {t(key)}
            </label>
          );
        })}
      </fieldset>
      {steps.length > 0 && (
        <fieldset className="choices">
          <legend>{t("job.checklist")}</legend>
          {steps.map((step) => (
            <label key={step} className="choice">
              <input
                type="checkbox"
                checked={ticked.includes(step)}
                onChange={(e) => setTicked(e.target.checked ? [...ticked, step] : ticked.filter((one) => one !== step))}
              />
              {step}
            </label>
          ))}
        </fieldset>
      )}
      <LongText label={t("note")} hint={t("note.optional")} value={note} onChange={setNote} />
    </FormDialog>
  );
}

const REASONS = ["customer_absent", "no_access", "parts_missing", "skill_missing", "unsafe", "out_of_time", "other"];

function IncompleteDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useTexts();
  const w = useWords();
  const take = useTake(job);
  const [reason, setReason] = useState(REASONS[0]!);
  const [note, setNote] = useState("");
  const options = REASONS.map((one) => [one, reasonWord(w, one)] as const);
  const send = (): Promise<void> => take({ to: "incomplete", reason, ...(note ? { report: { note } } : {}) });
  return (
    <FormDialog title={t("incomplete.title")} submit={t("move.incomplete")} tone="danger" onClose={onClose} onSubmit={send}>
      <p className="soft">{t("incomplete.hint")}</p>
      <Choice label={w("field.reason")} value={reason} onChange={setReason} options={options} />
      <LongText label={t("note")} hint={t("note.optional")} value={note} onChange={setNote} />
    </FormDialog>
  );
}

function BackOutDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useTexts();
  const { act } = useShared();
  const { data: cost } = useQuery({ queryKey: ["back_out", job.id], queryFn: () => fetchBackOutCost(job.id), retry: false });
  return <BackOutForm title={t("back_out")} cost={cost} onClose={onClose} onSend={(reason) => act("back_out", job, { reason }, job.title)} />;
}

const LATE_BY = [10, 20, 30, 45, 60, 90, 120];

function LateDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const { act } = useShared();
  const [minutes, setMinutes] = useState("30");
  const [reason, setReason] = useState("");
  const options = LATE_BY.map((one) => [String(one), minutesText(one)] as const);
  const send = async (): Promise<void> => {
    await act("late", job, { minutes: Number(minutes), reason }, job.title);
    tell(t("late.done"));
  };
  return (
    <FormDialog title={t("late")} submit={t("late.send")} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("late.hint")}</p>
      <Choice label={t("late.in")} value={minutes} onChange={setMinutes} options={options} />
      <LongText label={t("note")} hint={t("note.optional")} value={reason} onChange={setReason} rows={2} />
    </FormDialog>
  );
}

export function UnsentBadge() {
  const t = useTexts();
  const { commands } = useShared();
  const refused = commands.some((command) => command.state === "refused");
  if (commands.length === 0) return null;
  return <Badge tone={refused ? "danger" : "warn"}>{t("unsent", { count: commands.length })}</Badge>;
}
