// Step three: a known place or a new one, and which equipment.
import { Button, Choice, Failure, Field, LongText, Notice, Waiting } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { askAgain, fetchMe } from "../api";
import type { CustomerMe, WorkRequest } from "../types";
import { useTexts } from "../words";
import { type Step, StepHead } from "./steps";
import { useAttempt } from "./Who";

type Place = Pick<WorkRequest, "site" | "site_id" | "asset_id">;

interface WhereProps {
  steps: Step[];
  onDone: (place: Place) => Promise<void>;
}

export function WhereStep({ steps, onDone }: WhereProps) {
  const { data, error, refetch } = useQuery({ queryKey: ["me"], queryFn: fetchMe });
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Waiting lines={6} onRetry={() => void askAgain("me")} />;
  return <WhereForm me={data} steps={steps} onDone={onDone} />;
}

const NEW = "new";

function WhereForm({ me, steps, onDone }: WhereProps & { me: CustomerMe }) {
  const t = useTexts();
  const [siteId, setSiteId] = useState(me.sites[0]?.id ?? NEW);
  const [assetId, setAssetId] = useState("");
  const [fresh, setFresh] = useState<NewPlace>({ address: "", latitude: "", longitude: "", access_notes: "" });
  const { busy, error, attempt } = useAttempt();
  const [tried, setTried] = useState(false);
  const isNew = siteId === NEW;
  const position = positionOf(fresh);
  const assets = me.assets.filter((asset) => asset.site_id === siteId);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (isNew && (!position || !fresh.address.trim())) return;
    const place: Place = isNew
      ? { site: { address: fresh.address.trim(), name: "", access_notes: fresh.access_notes, ...position! } }
      : { site_id: siteId, ...(assetId ? { asset_id: assetId } : {}) };
    void attempt(() => onDone(place));
  };
  return (
    <form className="stack wide" onSubmit={send}>
      <StepHead name="where" steps={steps} />
      {me.sites.length > 0 && (
        <fieldset className="choices">
          <legend>{t("where.choose")}</legend>
          {[...me.sites.map((site) => [site.id, site.address] as const), [NEW, t("where.new")] as const].map(([id, words]) => (
            <label key={id} className="choice">
              <input type="radio" name="site" checked={siteId === id} onChange={() => (setSiteId(id), setAssetId(""))} />
              {words}
            </label>
          ))}
        </fieldset>
      )}
      {isNew && <NewPlaceForm place={fresh} onChange={setFresh} />}
      {isNew && tried && !position && <Notice tone="warn">{t("where.missing")}</Notice>}
      {assets.length > 0 && (
        <Choice
          label={t("where.asset")}
          value={assetId}
          onChange={setAssetId}
          options={[["", t("where.asset.none")], ...assets.map((asset) => [asset.id, `${asset.name} ${asset.model}`] as const)]}
        />
      )}
      <Failure error={error} />
      <Button type="submit" kind="primary" size="big" busy={busy}>
        {t("next")}
      </Button>
    </form>
  );
}

interface NewPlace {
  address: string;
  latitude: string;
  longitude: string;
  access_notes: string;
}

function positionOf({ latitude, longitude }: NewPlace): { latitude: number; longitude: number } | null {
  const [north, east] = [latitude, longitude].map((text) => (text.trim() ? Number(text.replace(",", ".")) : NaN));
  if (!(Math.abs(north!) <= 90) || !(Math.abs(east!) <= 180)) return null;
  return { latitude: north!, longitude: east! };
}

function NewPlaceForm({ place, onChange }: { place: NewPlace; onChange: (place: NewPlace) => void }) {
  const t = useTexts();
  const [refused, setRefused] = useState(false);
  const locate = (): void =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => onChange({ ...place, latitude: coords.latitude.toFixed(6), longitude: coords.longitude.toFixed(6) }),
      () => setRefused(true),
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  return (
    <>
      <Field
        label={t("where.address")}
        hint={t("where.address.hint")}
        autoComplete="street-address"
        required
        value={place.address}
        onChange={(e) => onChange({ ...place, address: e.target.value })}
      />
      <Button onClick={locate}>
        <Icon name="pin" />
        {positionOf(place) ? t("where.position") : t("where.here")}
      </Button>
      {refused && <Notice tone="warn">{t("where.no_position")}</Notice>}
      <details open={refused || undefined}>
        <summary>{t("where.by_hand")}</summary>
        <div className="pair">
          <Field label={t("where.latitude")} inputMode="decimal" value={place.latitude} onChange={(e) => onChange({ ...place, latitude: e.target.value })} />
          <Field label={t("where.longitude")} inputMode="decimal" value={place.longitude} onChange={(e) => onChange({ ...place, longitude: e.target.value })} />
        </div>
      </details>
      <LongText
        label={t("where.access")}
        hint={t("where.access.hint")}
        rows={2}
        value={place.access_notes}
        onChange={(access_notes) => onChange({ ...place, access_notes })}
      />
    </>
  );
}
