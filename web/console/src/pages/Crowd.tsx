// The crowd: who is joining, what each lacks, and what the office has to look at.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { barredWord, useWords } from "@firstfix/shared/i18n/words";
import { money } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, LongText, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useDo } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may, queries } from "../api";
import { useKindName } from "../papers/api";
import { Pools } from "../offers/Pools";
import { useOfferTexts } from "../offers/words";
import { Kinds } from "../papers/Kinds";
import { Revoke } from "../papers/Revoke";
import { usePaperTexts } from "../papers/words";
import { TermsPage } from "../terms/TermsPage";
import { useTermsTexts } from "../terms/words";
import type { Territory } from "../types";
import { TabbedPage } from "../watch/pieces";
import { type TextKey, useTexts } from "../words";
import {
  approveClaim, approveRates, type CrowdPerson, fetchClaims, fetchCrowd, fetchInvitations, openPaper, fetchRates, letIn, refuseClaim,
  refuseRates, sendBack, verify, withdraw,
} from "./crowd";
import { Invite } from "./Invite";
import { Suspend, Suspensions } from "./Suspensions";

/** Something that is refused with a note. */
type Refusal = (note: string) => Promise<unknown>;
const refresh = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

export function Crowd({ territory }: { territory: Territory }) {
  const t = usePaperTexts();
  const o = useOfferTexts();
  const terms = useTermsTexts();
  const tabs = [
    { key: "people", words: t("tab.people"), Content: People },
    { key: "pools", words: o("tab.pools"), Content: Pools },
    { key: "papers", words: t("tab.papers"), Content: Kinds },
    { key: "terms", words: terms("tab.terms"), Content: TermsPage },
  ];
  return <TabbedPage label={t("tabs")} tabs={tabs} territory={territory} />;
}

function People({ territory }: { territory: Territory }) {
  const t = useTexts();
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "people", territory.id], queryFn: () => fetchCrowd(territory.id) });
  const [isInviting, setInviting] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const refuse = (made: Refusal): void => setRefusal(() => made);
  const names = new Map(data?.map((one) => [one.id, one.name]));
  return (
    <div className="page-columns">
      <section className="stack">
        <div>
          <Button kind="primary" onClick={() => setInviting(true)}>
            {t("crowd.invite")}
          </Button>
        </div>
        {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />)}
        {data?.length === 0 && <Empty title={t("crowd.none")}>{t("crowd.none.more")}</Empty>}
        {data?.map((person) => (
          <Person key={person.id} person={person} onRefuse={refuse} />
        ))}
      </section>
      <section className="stack">
        <Suspensions names={names} />
        <Waiting names={names} onRefuse={refuse} />
        <Invited territory={territory} onRefuse={refuse} />
      </section>
      {isInviting && <Invite territory={territory} onClose={() => setInviting(false)} />}
      {refusal && <Refuse refusal={refusal} onClose={() => setRefusal(null)} />}
    </div>
  );
}

function Person({ person, onRefuse }: { person: CrowdPerson; onRefuse: (made: Refusal) => void }) {
  const t = useTexts();
  const w = useWords();
  const { act } = useDo(refresh);
  const { locale } = useLocale();
  const p = usePaperTexts();
  const kindName = useKindName();
  const lack = (one: string): string =>
    one.startsWith("proof:") ? t("crowd.lack.proof", { kind: kindName(one.slice("proof:".length)) }) : t(`crowd.lack.${one}` as TextKey);
  const id = person.onboarding_id;
  const [revoked, setRevoked] = useState<(typeof person.proofs)[number] | null>(null);
  const [isSuspending, setSuspending] = useState(false);
  return (
    <article className="card stack tight">
      <span className="row spread">
        <strong>{person.name}</strong>
        {person.suspended_at ? (
          <Badge tone="danger">{t("crowd.suspended")}</Badge>
        ) : (
          person.onboarding_status && (
            <Badge tone={person.onboarding_status === "submitted" ? "accent" : "neutral"}>{t(`crowd.status.${person.onboarding_status}` as TextKey)}</Badge>
          )
        )}
      </span>
      {person.lacks.length > 0 && <p className="soft">{t("crowd.lacks", { what: person.lacks.map(lack).join(", ") })}</p>}
      {person.bar_code && <p>{t("crowd.barred", { why: barredWord(w, person.bar_code) })}</p>}
      {person.proofs.map((proof) => (
        <span key={proof.id} className="row spread wrap">
          <span>
            {kindName(proof.kind)} <span className="soft">
              {t(`crowd.proof.${proof.status}` as TextKey)}
              {proof.note && `: ${proof.note}`}
            </span>{" "}
            {proof.expires_at && <span className="soft">{t("crowd.until", { day: new Date(proof.expires_at).toLocaleDateString(locale) })}</span>}
          </span>
          <span className="row">
            {proof.document_id && (
              <Button kind="quiet" onClick={() => void openPaper(proof.document_id!)}>
                {t("crowd.paper")}
              </Button>
            )}
            {proof.status === "pending" && <Button onClick={() => act(() => verify(proof.id), t("crowd.done"))}>{t("crowd.verify")}</Button>}
            {["pending", "valid"].includes(proof.status) && (
              <Button kind="quiet" aria-label={p("revoke.title", { kind: kindName(proof.kind), name: person.name })} onClick={() => setRevoked(proof)}>
                {p("revoke")}
              </Button>
            )}
          </span>
        </span>
      ))}
      {person.active && !person.suspended_at && may("supervisor", "admin") && (
        <span>
          <Button kind="quiet" aria-label={`${person.name}: ${t("suspend")}`} onClick={() => setSuspending(true)}>
            {t("suspend")}
          </Button>
        </span>
      )}
      {revoked && <Revoke proof={revoked} name={person.name} onClose={() => setRevoked(null)} />}
      {isSuspending && <Suspend id={person.id} name={person.name} onClose={() => setSuspending(false)} />}
      {id && person.onboarding_status === "submitted" && may("supervisor", "admin") && (
        <span className="row">
          <Button kind="primary" onClick={() => act(() => letIn(id), t("crowd.done"))}>
            {t("crowd.let_in")}
          </Button>
          <Button onClick={() => onRefuse((note) => sendBack(id, note))}>{t("crowd.send_back")}</Button>
        </span>
      )}
    </article>
  );
}

/** Claimed skills and rates that somebody of the territory asks for. */
function Waiting({ names, onRefuse }: { names: Map<string, string>; onRefuse: (made: Refusal) => void }) {
  const t = useTexts();
  const { act } = useDo(refresh);
  const { locale } = useLocale();
  const claims = useQuery({ queryKey: ["crowd", "claims"], queryFn: fetchClaims });
  const cards = useQuery({ queryKey: ["crowd", "rates"], queryFn: fetchRates });
  const error = claims.error ?? cards.error;
  const known = <T extends { technician_id: string }>(found: T[] | undefined) =>
    (found ?? []).flatMap((one) => ({ ...one, name: names.get(one.technician_id) ?? "" })).filter((one) => one.name);
  const rows = [
    ...known(claims.data).map((one) => ({
      key: one.id,
      words: t("crowd.skill", { name: one.name, skill: one.skill, level: one.level }),
      approve: () => approveClaim(one.id),
      refuse: (note: string) => refuseClaim(one.id, note),
    })),
    ...known(cards.data).map((one) => ({
      key: one.id,
      words: t("crowd.rates", {
        name: one.name,
        work: money(one.hourly_cents, one.currency, locale),
        travel: money(one.travel_cents_per_hour, one.currency, locale),
      }),
      approve: () => approveRates(one.id),
      refuse: (note: string) => refuseRates(one.id, note),
    })),
  ];
  return (
    <>
      <h2>{t("crowd.waiting")}</h2>
      {error && <Failure error={error} onRetry={() => void Promise.all([claims.refetch(), cards.refetch()])} />}
      {!error && (!claims.data || !cards.data) && <Skeleton lines={3} />}
      {claims.data && cards.data && rows.length === 0 && <Empty title={t("crowd.waiting.none")} />}
      {rows.map((row) => (
        <article key={row.key} className="card stack tight">
          <p>{row.words}</p>
          <span className="row">
            <Button onClick={() => act<unknown>(row.approve, t("crowd.done"))}>{t("crowd.approve")}</Button>
            <Button kind="quiet" onClick={() => onRefuse(row.refuse)}>
              {t("crowd.refuse")}
            </Button>
          </span>
        </article>
      ))}
    </>
  );
}

/** Who has not followed the link yet. */
function Invited({ territory, onRefuse }: { territory: Territory; onRefuse: (made: Refusal) => void }) {
  const t = useTexts();
  const { locale } = useLocale();
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "invited"], queryFn: fetchInvitations });
  const open = data?.filter((one) => one.territory_id === territory.id) ?? [];
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (open.length === 0) return null;
  return (
    <>
      <h2>{t("crowd.status.invited")}</h2>
      {open.map((one) => (
        <article key={one.id} className="card row spread wrap">
          <span>
            {one.name} <span className="soft">{t(`crowd.as.${one.invited_as}` as TextKey)}, {t("crowd.until", { day: new Date(one.expires_at).toLocaleDateString(locale) })}</span>
          </span>
          <Button kind="quiet" onClick={() => onRefuse((note) => withdraw(one.id, note))}>
            {t("crowd.withdraw")}
          </Button>
        </article>
      ))}
    </>
  );
}

function Refuse({ refusal, onClose }: { refusal: Refusal; onClose: () => void }) {
  const t = useTexts();
  const [note, setNote] = useState("");
  return (
    <FormDialog
      title={t("crowd.refuse")}
      submit={t("crowd.refuse")}
      disabled={note.trim().length < 3}
      onClose={onClose}
      onSubmit={() => refusal(note.trim()).then(refresh)}
    >
      <LongText label={t("crowd.refuse.why")} value={note} onChange={setNote} required />
    </FormDialog>
  );
}
