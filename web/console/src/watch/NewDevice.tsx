// Registering a device: whose machine it watches, and how it comes in: with a token or a certificate.
import { setQuery } from "@firstfix/shared/router";
import { Button, Choice, Field, Notice } from "@firstfix/shared/ui/controls";
import { Dialog, FormDialog } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useRef, useState } from "react";
import { queries, searchCustomers } from "../api";
import { type Certificate, fetchAssetsOf, issueCertificate, type RegisteredDevice, registerDevice } from "./api";
import { RequestField } from "./Certificates";
import { Copied } from "./Copied";
import { useWatchTexts, type WatchKey } from "./words";

const LEAST_LETTERS = 2;
const LIFE_DAYS = 365;
const WAYS = ["token", "certificate"] as const;
type Way = (typeof WAYS)[number];

interface Made extends RegisteredDevice {
  certificate: Certificate | null;
}

export function NewDevice({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Made | null>(null);
  const close = (): void => {
    onClose();
    if (made) setQuery({ item: made.device.id });
  };
  return made ? <Credentials made={made} onClose={close} /> : <Ask onClose={onClose} onMade={setMade} />;
}

function Ask({ onClose, onMade }: { onClose: () => void; onMade: (made: Made) => void }) {
  const t = useWatchTexts();
  const [assetId, setAssetId] = useState("");
  const [name, setName] = useState("");
  const [kind, setKind] = useState("sensor");
  const [way, setWay] = useState<Way>("token");
  const [csr, setCsr] = useState("");
  // A request for a certificate that is refused must not register the device again.
  const registered = useRef<RegisteredDevice | null>(null);
  const isDone = useRef(false);
  const isReady = assetId !== "" && name.trim() !== "" && kind.trim() !== "" && (way === "token" || csr.trim() !== "");
  const send = async (): Promise<void> => {
    registered.current ??= await registerDevice({ asset_id: assetId, name: name.trim(), kind: kind.trim() });
    const found = registered.current;
    void queries.invalidateQueries({ queryKey: ["devices"] });
    const certificate = way === "certificate" ? await issueCertificate(found.device.id, csr.trim(), LIFE_DAYS) : null;
    isDone.current = true;
    onMade({ ...found, certificate });
  };
  // A form closes itself when it is done: then the credentials have taken its place.
  return (
    <FormDialog title={t("device.register.title")} submit={t("device.register.do")} disabled={!isReady} onClose={() => !isDone.current && onClose()} onSubmit={send}>
      <Machine value={assetId} onChange={setAssetId} />
      <Field label={t("device.name")} required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
      <Field label={t("device.kind")} required maxLength={60} value={kind} onChange={(event) => setKind(event.target.value)} />
      <Choice label={t("device.way")} value={way} onChange={(value) => setWay(value as Way)} options={WAYS.map((one) => [one, t(`device.way.${one}` as WatchKey)] as const)} />
      {way === "certificate" && <RequestField value={csr} onChange={setCsr} />}
    </FormDialog>
  );
}

/** The customer by name, then one of their machines. */
function Machine({ value, onChange }: { value: string; onChange: (assetId: string) => void }) {
  const t = useWatchTexts();
  const [search, setSearch] = useState("");
  const [customerId, setCustomerId] = useState("");
  const wanted = useDeferredValue(search.trim());
  const customers = useQuery({ queryKey: ["customers", wanted], queryFn: () => searchCustomers(wanted), enabled: wanted.length >= LEAST_LETTERS });
  const found = wanted.length >= LEAST_LETTERS ? (customers.data ?? []) : [];
  const customer = found.find((one) => one.id === customerId) ?? (found.length === 1 ? found[0] : undefined);
  const assets = useQuery({ queryKey: ["assets", "of", customer?.id], queryFn: () => fetchAssetsOf(customer!.id), enabled: customer !== undefined });
  const isUnknown = wanted.length >= LEAST_LETTERS && customers.data?.length === 0;
  const choose = (id: string): void => {
    setCustomerId(id);
    onChange("");
  };
  return (
    <>
      <Field label={t("device.customer.find")} type="search" autoFocus value={search} problem={isUnknown ? t("device.customer.none") : undefined} onChange={(event) => (setSearch(event.target.value), choose(""))} />
      {found.length > 1 && (
        <Choice label={t("alert.customer")} value={customer?.id ?? ""} onChange={choose} options={[["", "…"] as const, ...found.map((one) => [one.id, one.name] as const)]} />
      )}
      {assets.data?.length === 0 && <Notice tone="warn">{t("device.asset.none")}</Notice>}
      {assets.data && assets.data.length > 0 && (
        <Choice label={t("alert.asset")} value={value} onChange={onChange} options={[["", "…"] as const, ...assets.data.map((one) => [one.id, [one.name, one.model].filter(Boolean).join(" · ")] as const)]} />
      )}
    </>
  );
}

function Credentials({ made, onClose }: { made: Made; onClose: () => void }) {
  const t = useWatchTexts();
  return (
    <Dialog title={t("device.registered", { name: made.device.name })} onClose={onClose}>
      <div className="stack">
        {made.certificate ? (
          <>
            <p className="soft">{t("certificate.made.hint")}</p>
            <Copied label={t("certificate")} value={made.certificate.pem} file={`${made.device.id}.crt`} />
          </>
        ) : (
          <>
            <Notice tone="warn">{t("device.token.once")}</Notice>
            <Copied label={t("device.token")} value={made.token} />
          </>
        )}
        <Copied label={t("device.id")} value={made.device.id} />
        <Copied label={t("device.topic")} value={made.mqtt_topic} />
        <div className="actions">
          <Button kind="primary" onClick={onClose}>{t(made.certificate ? "close" : "device.token.kept")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
