// The company's people: who can be given work, what the others lack, and proofs that end.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { barredWord, useWords } from "@firstfix/shared/i18n/words";
import { Link } from "@firstfix/shared/router";
import { dayName } from "@firstfix/shared/time";
import { Badge, Button, Empty, Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { base64Of, ProofDialog, useProofName } from "../papers";
import { type TextKey as PhoneKey, useTexts as usePhoneTexts } from "../words";
import { claimProof, fetchPeople, type Person, refresh } from "./api";
import { useTexts } from "./words";

export const usePeople = () => useQuery({ queryKey: ["company", "people"], queryFn: fetchPeople });

/** The name behind an id, of those who still work for the company. */
export function useNameOf(): (technician_id: string) => string {
  const { data } = usePeople();
  return (id) => data?.find((one) => one.id === id)?.name ?? "–";
}

export function People() {
  const t = useTexts();
  const tell = useTell();
  const { data, error, refetch } = usePeople();
  const [proving, setProving] = useState<Person | null>(null);
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />;
  if (data.length === 0) return <Empty title={t("people.none")}>{t("people.none.more")}</Empty>;
  const save = async (person: Person, kind: string, expires_at: string | null, paper: File): Promise<void> => {
    await claimProof(person.id, { kind, expires_at, paper: { name: paper.name, content: await base64Of(paper) } });
    tell(t("proof.asked"));
    refresh();
  };
  return (
    <>
      <ul className="cards">
        {data.map((person) => (
          <PersonCard key={person.id} person={person} onProof={() => setProving(person)} />
        ))}
      </ul>
      {proving && (
        <ProofDialog missing={missingOf(proving)[0]} onClose={() => setProving(null)} onSave={(...wanted) => save(proving, ...wanted)} />
      )}
    </>
  );
}

const missingOf = (person: Person): string[] => person.lacks.flatMap((one) => (one.startsWith("proof:") ? [one.slice("proof:".length)] : []));

function PersonCard({ person, onProof }: { person: Person; onProof: () => void }) {
  const t = useTexts();
  const phone = usePhoneTexts();
  const w = useWords();
  const { locale } = useLocale();
  const named = useProofName();
  const lack = (one: string): string =>
    one.startsWith("proof:") ? phone("file.lack.proof", { kind: named(one.slice("proof:".length)) }) : phone(`file.lack.${one}` as PhoneKey);
  return (
    <li className="card stack tight">
      <span className="row spread">
        <strong>{person.name}</strong>
        <Standing person={person} />
      </span>
      {person.active && person.is_cleared && person.cleared_until && <p className="soft">{t("person.until", { day: dayName(person.cleared_until, { locale }) })}</p>}
      {person.active && person.bar_code && <p>{t("person.barred", { why: barredWord(w, person.bar_code) })}</p>}
      {person.lacks.length > 0 && <p className="soft">{t("person.lacks", { what: person.lacks.map(lack).join(", ") })}</p>}
      {person.credentials.map((one) => (
        <p key={one.id} className="row spread">
          <span>
            {named(one.kind)} <span className="soft">{one.expires_at ? t("proof.ends", { day: dayName(one.expires_at, { locale }) }) : t("proof.for_good")}</span> {one.note && <span className="soft">{one.note}</span>}
          </span>
          <Badge tone={one.status === "valid" ? "ok" : one.status === "pending" ? "neutral" : "warn"}>{phone(`file.status.${one.status}` as PhoneKey)}</Badge>
        </p>
      ))}
      <span>
        <Button kind="quiet" aria-label={`${person.name}: ${t("person.proof")}`} onClick={onProof}>
          {t("person.proof")}
        </Button>
        {person.active && (
          <Link to={`/people/${person.id}`} className="button quiet">
            {t("times")}
          </Link>
        )}
      </span>
    </li>
  );
}

function Standing({ person }: { person: Person }) {
  const t = useTexts();
  if (person.suspended_at) return <Badge tone="danger">{t("person.suspended")}</Badge>;
  if (person.active) return person.is_cleared ? <Badge tone="ok">{t("person.ready")}</Badge> : null;
  const status = person.onboarding_status;
  return <Badge tone={status === "sent_back" ? "warn" : "neutral"}>{t(status === "submitted" ? "person.submitted" : status === "sent_back" ? "person.sent_back" : "person.joining")}</Badge>;
}
