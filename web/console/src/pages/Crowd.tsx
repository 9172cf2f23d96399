// The crowd: who is joining, what each lacks, and what the office has to look at.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { money } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, Field, LongText, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import type { Territory } from "../types";
import { type TextKey, useTexts } from "../words";
import {
  approveClaim, approveRates, type CrowdPerson, fetchClaims, fetchCrowd, fetchPaper, fetchRates, invite, letIn, refuseClaim, refuseRates,
  sendBack, verify,
} from "./crowd";

/** Something that is refused with a note. */
type Refusal = (note: string) => Promise<unknown>;
const refresh = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

/** Does it, says so or why not, and reads everything again. */
function useDo(): (act: () => Promise<unknown>) => void {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  return (act) =>
    void act()
      .then(() => (tell(t("crowd.done")), refresh()))
      .catch((failure: unknown) => tell(failureWords(w, failure)));
}

export function Crowd({ territory }: { territory: Territory }) {
  const t = useTexts();
  const { data, error, refetch } = useQuery({ queryKey: ["crowd", "people"], queryFn: fetchCrowd });
  const [isInviting, setInviting] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const refuse = (made: Refusal): void => setRefusal(() => made);
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
      <Waiting names={new Map(data?.map((one) => [one.id, one.name]))} onRefuse={refuse} />
      {isInviting && <Invite territory={territory} onClose={() => setInviting(false)} />}
      {refusal && <Refuse refusal={refusal} onClose={() => setRefusal(null)} />}
    </div>
  );
}

function Person({ person, onRefuse }: { person: CrowdPerson; onRefuse: (made: Refusal) => void }) {
  const t = useTexts();
  const act = useDo();
  const { locale } = useLocale();
  const lack = (one: string): string =>
    one.startsWith("proof:") ? t("crowd.lack.proof", { kind: one.slice("proof:".length) }) : t(`crowd.lack.${one}` as TextKey);
  const id = person.onboarding_id;
  const openPaper = async (document_id: string): Promise<void> => {
    const url = URL.createObjectURL(await fetchPaper(document_id));
    window.open(url, "_blank", "noopener");
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
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
      {person.bar && <p>{person.bar}</p>}
      {person.proofs.map((proof) => (
        <span key={proof.id} className="row spread wrap">
          <span>
            {proof.kind} <span className="soft">{t(`crowd.proof.${proof.status}` as TextKey)}</span>{" "}
            {proof.expires_at && <span className="soft">{t("crowd.until", { day: new Date(proof.expires_at).toLocaleDateString(locale) })}</span>}
          </span>
          <span className="row">
            {proof.document_id && (
              <Button kind="quiet" onClick={() => void openPaper(proof.document_id!)}>
                {t("crowd.paper")}
              </Button>
            )}
            {proof.status === "pending" && <Button onClick={() => act(() => verify(proof.id))}>{t("crowd.verify")}</Button>}
          </span>
        </span>
      ))}
      {id && person.onboarding_status === "submitted" && (
        <span className="row">
          <Button kind="primary" onClick={() => act(() => letIn(id))}>
            {t("crowd.let_in")}
          </Button>
          <Button onClick={() => onRefuse((note) => sendBack(id, note))}>{t("crowd.send_back")}</Button>
        </span>
      )}
    </article>
  );
}

/** Claimed skills and rates that somebody asks for. */
function Waiting({ names, onRefuse }: { names: Map<string, string>; onRefuse: (made: Refusal) => void }) {
  const t = useTexts();
  const act = useDo();
  const { locale } = useLocale();
  const claims = useQuery({ queryKey: ["crowd", "claims"], queryFn: fetchClaims });
  const cards = useQuery({ queryKey: ["crowd", "rates"], queryFn: fetchRates });
  const error = claims.error ?? cards.error;
  const name = (id: string): string => names.get(id) ?? "…";
  const rows = [
    ...(claims.data ?? []).map((one) => ({
      key: one.id,
      words: t("crowd.skill", { name: name(one.technician_id), skill: one.skill, level: one.level }),
      approve: () => approveClaim(one.id),
      refuse: (note: string) => refuseClaim(one.id, note),
    })),
    ...(cards.data ?? []).map((one) => ({
      key: one.id,
      words: t("crowd.rates", {
        name: name(one.technician_id),
        work: money(one.hourly_cents, one.currency, locale),
        travel: money(one.travel_cents_per_hour, one.currency, locale),
      }),
      approve: () => approveRates(one.id),
      refuse: (note: string) => refuseRates(one.id, note),
    })),
  ];
  return (
    <section className="stack">
      <h2>{t("crowd.waiting")}</h2>
      {error && <Failure error={error} onRetry={() => void Promise.all([claims.refetch(), cards.refetch()])} />}
      {!error && (!claims.data || !cards.data) && <Skeleton lines={3} />}
      {claims.data && cards.data && rows.length === 0 && <Empty title={t("crowd.waiting.none")} />}
      {rows.map((row) => (
        <article key={row.key} className="card stack tight">
          <p>{row.words}</p>
          <span className="row">
            <Button onClick={() => act(row.approve)}>{t("crowd.approve")}</Button>
            <Button kind="quiet" onClick={() => onRefuse(row.refuse)}>
              {t("crowd.refuse")}
            </Button>
          </span>
        </article>
      ))}
    </section>
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

function Invite({ territory, onClose }: { territory: Territory; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [latitude, setLatitude] = useState(String(territory.latitude));
  const [longitude, setLongitude] = useState(String(territory.longitude));
  const send = async (): Promise<void> => {
    await invite({ name: name.trim(), email: email.trim(), territory_id: territory.id, latitude: Number(latitude), longitude: Number(longitude) });
    tell(t("crowd.invited"));
    refresh();
  };
  return (
    <FormDialog title={t("crowd.invite")} submit={t("crowd.invite")} onClose={onClose} onSubmit={send}>
      <Field label={t("crowd.name")} required value={name} onChange={(e) => setName(e.target.value)} />
      <Field label={t("crowd.email")} type="email" required value={email} onChange={(e) => setEmail(e.target.value)} />
      <Field label={t("crowd.latitude")} type="number" step="any" min={-90} max={90} required value={latitude} onChange={(e) => setLatitude(e.target.value)} />
      <Field label={t("crowd.longitude")} type="number" step="any" min={-180} max={180} required value={longitude} onChange={(e) => setLongitude(e.target.value)} />
    </FormDialog>
  );
}
