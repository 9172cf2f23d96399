// What is wrong: kind of work, cover, urgency, the caller's words.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Button, Choice, Failure, LongText, Notice } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fetchEntitlement, fetchWorkTypes, openOrder, refreshBoard } from "../api";
import { coverWords } from "../sentences";
import type { Asset, Customer, Site } from "../types";
import { type TextKey, useTexts } from "../words";

interface WhatProps {
  customer: Customer;
  site: Site;
  asset: Asset | null;
  onOpened: (opened: { orderId: string; visitId: string; number: string }) => void;
}

export function What({ customer, site, asset, onOpened }: WhatProps) {
  const t = useTexts();
  const types = useQuery({ queryKey: ["work-types"], queryFn: fetchWorkTypes, staleTime: 300_000 });
  const [code, setCode] = useState("");
  const [priority, setPriority] = useState("");
  const [description, setDescription] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const chosen = types.data?.find((one) => one.code === code);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      onOpened(
        await openOrder({
          customer_id: customer.id,
          site_id: site.id,
          work_type_code: code,
          description,
          ...(asset ? { asset_id: asset.id } : {}),
          ...(priority ? { priority: Number(priority) } : {}),
        }),
      );
      refreshBoard();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <Choice label={t("intake.work_type")} value={code} onChange={setCode} required options={[["", t("intake.what")], ...(types.data ?? []).map((one) => [one.code, one.name] as const)]} />
      {code && <Cover site={site} asset={asset} code={code} />}
      <Choice
        label={t("intake.priority")}
        value={priority || String(chosen?.priority ?? 3)}
        onChange={setPriority}
        options={[5, 4, 3, 2, 1].map((one) => [String(one), t(`priority.${one}` as TextKey)] as const)}
      />
      <LongText label={t("intake.description")} value={description} onChange={setDescription} />
      <Failure error={error ?? types.error} />
      <Button type="submit" kind="primary" busy={busy} disabled={!code}>
        {t("intake.open")}
      </Button>
    </form>
  );
}

function Cover({ site, asset, code }: { site: Site; asset: Asset | null; code: string }) {
  const t = useTexts();
  const screen = useLocale();
  const { data } = useQuery({
    queryKey: ["entitlement", site.id, asset?.id, code],
    queryFn: () => fetchEntitlement(site.id, code, asset?.id ?? null),
  });
  if (!data) return null;
  return (
    <Notice tone={data.entitled ? "ok" : "neutral"}>
      <strong>{t("intake.entitlement")}</strong>
      <p>{coverWords(screen, data, asset)}</p>
    </Notice>
  );
}
