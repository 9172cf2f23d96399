// Certificates of devices: until when each is good, issued from a request, revoked.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery } from "@firstfix/shared/router";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Empty, Field, LongText, Notice, type Tone } from "@firstfix/shared/ui/controls";
import { Dialog, FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import { type Certificate, type Device, fetchCertificates, fetchCertificatesOf, fetchEnding, issueCertificate, revokeCertificate } from "./api";
import { Copied } from "./Copied";
import { Loaded } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

type State = "good" | "soon" | "over" | "revoked";
const TONES: Record<State, Tone> = { good: "ok", soon: "warn", over: "neutral", revoked: "danger" };

/** Brokers check certificates by the real clock, also where the product's own runs fast. */
function stateOf(one: Certificate): State {
  if (one.status === "revoked") return "revoked";
  const left = Date.parse(one.not_after) - Date.now();
  return left <= 0 ? "over" : left <= SOON_DAYS * DAY_MS ? "soon" : "good";
}

export function Certificates({ zone, chosen }: { zone: string; chosen: string | null }) {
  const t = useWatchTexts();
  const all = useQuery({ queryKey: ["devices", "certificates"], queryFn: fetchCertificates, refetchInterval: 60_000 });
  const ending = useQuery({ queryKey: ["devices", "certificates", "ending"], queryFn: () => fetchEnding(SOON_DAYS), refetchInterval: 60_000 });
  return (
    <Loaded of={all} lines={6}>
      {(found) =>
        found.length === 0 ? (
          <Empty title={t("certificates.none")}>{t("certificates.none.more")}</Empty>
        ) : (
          <>
            {ending.data && ending.data.length > 0 && (
              <Notice tone="warn">
                <p>{t("certificates.ending", { count: ending.data.length })}</p>
              </Notice>
            )}
            {found.map((one) => (
              <button key={one.id} type="button" className="pick" aria-pressed={one.device_id === chosen} onClick={() => setQuery({ item: one.device_id })}>
                <span className="row spread">
                  <strong className="card-title">{one.device_name}</strong>
                  <StateBadge of={one} />
                </span>
                <Validity of={one} zone={zone} />
                <code className="small">{one.fingerprint.slice(0, 16)}…</code>
              </button>
            ))}
          </>
        )
      }
    </Loaded>
  );
}

/** Those of one device, the newest first, and what may be done with them. */
export function CertificatesOf({ device, zone }: { device: Device; zone: string }) {
  const t = useWatchTexts();
  const [asking, setAsking] = useState<"issue" | Certificate | null>(null);
  const [made, setMade] = useState<Certificate | null>(null);
  const all = useQuery({ queryKey: ["devices", "certificates", device.id], queryFn: () => fetchCertificatesOf(device.id) });
  const close = (): void => setAsking(null);
  return (
    <>
      <h3>{t("certificates")}</h3>
      <Loaded of={all} lines={2}>
        {(found) => (
          <ul className="stack tight">
            {found.length === 0 && <li className="soft small">{t("certificates.own.none")}</li>}
            {found.map((one) => (
              <li key={one.id} className="card stack tight">
                <span className="row wrap spread">
                  <StateBadge of={one} />
                  <Validity of={one} zone={zone} />
                </span>
                <span className="small">
                  {t("certificate.fingerprint")}: <code className="breaks">{one.fingerprint}</code>
                </span>
                <span className="small">
                  {t("certificate.subject")}: <code className="breaks">{one.device_id}</code>
                </span>
                {one.status === "active" && (
                  <span className="row wrap">
                    <Button onClick={() => setMade(one)}>{t("certificate.show")}</Button>
                    {stateOf(one) !== "over" && <Button kind="danger" onClick={() => setAsking(one)}>{t("certificate.revoke")}</Button>}
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {device.status === "active" && (
        <div>
          <Button onClick={() => setAsking("issue")}>{t("certificate.issue")}</Button>
        </div>
      )}
      {asking === "issue" && <Issue device={device} onClose={close} onMade={setMade} />}
      {asking !== null && asking !== "issue" && <Revoke certificate={asking} device={device} onClose={close} />}
      {made && (
        <Dialog title={t("certificate.made")} onClose={() => setMade(null)}>
          <p className="soft">{t("certificate.made.hint")}</p>
          <Copied label={t("certificate")} value={made.pem} file={`${device.id}.crt`} />
          <div className="actions">
            <Button kind="primary" onClick={() => setMade(null)}>{t("close")}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Issue({ device, onClose, onMade }: { device: Device; onClose: () => void; onMade: (made: Certificate) => void }) {
  const t = useWatchTexts();
  const [csr, setCsr] = useState("");
  const [days, setDays] = useState(365);
  const send = async (): Promise<void> => {
    onMade(await issueCertificate(device.id, csr.trim(), days));
    void queries.invalidateQueries({ queryKey: ["devices", "certificates"] });
  };
  return (
    <FormDialog title={t("certificate.issue.title", { name: device.name })} submit={t("certificate.issue.do")} disabled={!csr.trim()} onClose={onClose} onSubmit={send}>
      <RequestField value={csr} onChange={setCsr} subject={device.id} />
      <Field label={t("certificate.days")} type="number" min={1} max={825} required value={days} onChange={(event) => setDays(Number(event.target.value))} />
    </FormDialog>
  );
}

/** A signing request, with the command that makes one. */
export function RequestField({ value, onChange, subject = "device" }: { value: string; onChange: (value: string) => void; subject?: string }) {
  const t = useWatchTexts();
  return (
    <>
      <LongText label={t("certificate.csr")} value={value} onChange={onChange} required rows={5} hint={t("certificate.csr.hint")} />
      <code className="small breaks">{`openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout device.key -subj /CN=${subject}`}</code>
    </>
  );
}

function Revoke({ certificate, device, onClose }: { certificate: Certificate; device: Device; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const send = async (): Promise<void> => {
    await revokeCertificate(certificate.id);
    tell(t("done.certificate_revoked"));
    void queries.invalidateQueries({ queryKey: ["devices", "certificates"] });
  };
  return (
    <FormDialog title={t("certificate.revoke.title", { name: device.name })} submit={t("certificate.revoke.do")} tone="danger" onClose={onClose} onSubmit={send}>
      <p>{t("certificate.revoke.hint")}</p>
    </FormDialog>
  );
}

function StateBadge({ of }: { of: Certificate }) {
  const t = useWatchTexts();
  const state = stateOf(of);
  return <Badge tone={TONES[state]}>{t(`certificate.is.${state}` as WatchKey)}</Badge>;
}

function Validity({ of, zone }: { of: Certificate; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  if (of.revoked_at) return <span className="soft small">{t("certificate.revoked_at", { at: dayAndTime(of.revoked_at, { locale, zone }) })}</span>;
  const day = (at: string): string => new Date(at).toLocaleDateString(locale, { timeZone: zone, dateStyle: "medium" });
  return <span className="soft small">{t("certificate.validity", { from: day(of.not_before), until: day(of.not_after) })}</span>;
}
