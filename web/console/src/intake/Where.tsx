// The place and the equipment.
import { Problem } from "@firstfix/shared/api/problem";
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayName } from "@firstfix/shared/time";
import { Button, Choice, Failure, Field, Notice, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { createSite, fetchAssets, fetchSites, geocode, queries } from "../api";
import type { Board } from "../state";
import type { Asset, Customer, Found, Site } from "../types";
import { useTexts } from "../words";

interface WhereProps {
  customer: Customer;
  board: Board;
  onChoose: (site: Site, asset: Asset | null) => void;
}

export function Where({ customer, board, onChoose }: WhereProps) {
  const t = useTexts();
  const sites = useQuery({ queryKey: ["sites", customer.id], queryFn: () => fetchSites(customer.id) });
  const [siteId, setSiteId] = useState("");
  const [creating, setCreating] = useState(false);
  const site = sites.data?.find((one) => one.id === siteId) ?? (sites.data?.length === 1 ? sites.data[0] : undefined);
  return (
    <section className="stack">
      {sites.error && !sites.data ? <Failure error={sites.error} onRetry={() => void sites.refetch()} /> : null}
      {sites.isPending && <Skeleton lines={3} />}
      {sites.data && sites.data.length > 0 && (
        <Choice
          label={t("intake.where")}
          value={site?.id ?? ""}
          onChange={setSiteId}
          options={[...(site ? [] : [["", "…"] as const]), ...sites.data.map((one) => [one.id, [one.name, one.address].filter(Boolean).join(", ")] as const)]}
        />
      )}
      {site && <Equipment key={site.id} site={site} onChoose={(asset) => onChoose(site, asset)} />}
      <Button onClick={() => setCreating(true)}>{t("intake.new_site")}</Button>
      {creating && <NewSite customer={customer} board={board} onClose={() => setCreating(false)} onMade={(made) => setSiteId(made.id)} />}
    </section>
  );
}

function Equipment({ site, onChoose }: { site: Site; onChoose: (asset: Asset | null) => void }) {
  const t = useTexts();
  const { locale } = useLocale();
  const [assetId, setAssetId] = useState("");
  const { data } = useQuery({ queryKey: ["assets", site.id], queryFn: () => fetchAssets(site.id) });
  const words = (asset: Asset): string =>
    [`${asset.name} ${asset.model}`, asset.under_warranty && asset.warranty_until && t("intake.warranty", { date: dayName(asset.warranty_until, { locale }) })]
      .filter(Boolean)
      .join(", ");
  return (
    <>
      <Choice
        label={t("intake.asset")}
        value={assetId}
        onChange={setAssetId}
        options={[["", t("intake.no_asset")], ...(data ?? []).map((asset) => [asset.id, words(asset)] as const)]}
      />
      <Button kind="primary" onClick={() => onChoose(data?.find((one) => one.id === assetId) ?? null)}>
        {t("intake.go_on")}
      </Button>
    </>
  );
}

interface NewSiteProps {
  customer: Customer;
  board: Board;
  onClose: () => void;
  onMade: (site: Site) => void;
}

function NewSite({ customer, board, onClose, onMade }: NewSiteProps) {
  const t = useTexts();
  const [address, setAddress] = useState("");
  const [latitude, setLatitude] = useState(String(board.territory.latitude));
  const [longitude, setLongitude] = useState(String(board.territory.longitude));
  const [places, setPlaces] = useState<Found[]>([]);
  const [failure, setFailure] = useState<unknown>(null);
  const [chosen, setChosen] = useState(0);
  const choose = (found: Found[], number: number): void => {
    setChosen(number);
    setLatitude(String(found[number]!.latitude));
    setLongitude(String(found[number]!.longitude));
  };
  const find = async (): Promise<void> => {
    try {
      const found = await geocode(address.trim());
      setPlaces(found);
      setFailure(found.length ? null : new Problem(422, { code: "address_not_found" }));
      if (found.length) choose(found, 0);
    } catch (error) {
      setFailure(error);
    }
  };
  const send = async (): Promise<void> => {
    const made = await createSite(customer.id, { address: address.trim(), latitude: Number(latitude), longitude: Number(longitude) });
    await queries.invalidateQueries({ queryKey: ["sites", customer.id] });
    onMade(made);
  };
  return (
    <FormDialog title={t("intake.new_site")} submit={t("intake.create")} disabled={!address.trim()} onClose={onClose} onSubmit={send}>
      <Field label={t("intake.address")} required autoFocus value={address} onChange={(e) => setAddress(e.target.value)} />
      <Button disabled={address.trim().length < 3} onClick={() => void find()}>
        {t("intake.find")}
      </Button>
      <Failure error={failure} />
      {places.length === 1 && <Notice>{t("intake.found", { address: places[0]!.address })}</Notice>}
      {places.length > 1 && (
        <Choice
          label={t("intake.where")}
          value={String(chosen)}
          onChange={(number) => choose(places, Number(number))}
          options={places.map((place, number) => [String(number), place.address] as const)}
        />
      )}
      <div className="pair">
        <Field label={t("intake.latitude")} type="number" step="any" required value={latitude} onChange={(e) => setLatitude(e.target.value)} />
        <Field label={t("intake.longitude")} type="number" step="any" required value={longitude} onChange={(e) => setLongitude(e.target.value)} />
      </div>
    </FormDialog>
  );
}
