// Devices: which are online, what they said last, what was dropped of it, their certificates, and new ones.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Empty, Field } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Territory } from "../types";
import { type Device, fetchDevices } from "./api";
import { Certificates } from "./Certificates";
import { DeviceView } from "./DeviceView";
import { Dropped } from "./Dropped";
import { NewDevice } from "./NewDevice";
import { ListAndOne, Loaded, Tabs } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

const FILTERS = ["all", "silent", "dropped", "certificates"] as const;
type Filter = (typeof FILTERS)[number];

export function Devices({ territory }: { territory: Territory }) {
  const t = useWatchTexts();
  const { query } = usePlace();
  const [filter, setFilter] = useState<Filter>("all");
  const [wanted, setWanted] = useState("");
  const [registering, setRegistering] = useState(false);
  const devices = useQuery({ queryKey: ["devices", "list", wanted], queryFn: () => fetchDevices(wanted.trim()), refetchInterval: 60_000, placeholderData: (before) => before });
  const id = query.get("item");
  const zone = territory.time_zone;
  const list = (
    <>
      <Tabs label={t("devices.filter")} value={filter} onChange={setFilter} tabs={FILTERS.map((key) => ({ key, words: t(`devices.${key}` as WatchKey) }))} />
      {filter === "dropped" ? (
        <Dropped zone={zone} deviceId={null} />
      ) : filter === "certificates" ? (
        <Certificates zone={zone} chosen={id} />
      ) : (
        <>
          <div>
            <Button onClick={() => setRegistering(true)}>{t("device.register")}</Button>
          </div>
          <Field label={t("devices.find")} type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
          <Loaded of={devices} lines={8}>
            {(all) => {
              const shown = filter === "silent" ? all.filter((one) => !one.online && one.status === "active") : all;
              if (shown.length === 0) return <Empty title={t(wanted ? "devices.no_match" : `devices.${filter}.none` as WatchKey)}>{!wanted && t(`devices.${filter}.none.more` as WatchKey)}</Empty>;
              return shown.map((one) => <Line key={one.id} device={one} isChosen={one.id === id} zone={zone} />);
            }}
          </Loaded>
        </>
      )}
    </>
  );
  return (
    <>
      <ListAndOne list={list} chosen={id && <DeviceView key={id} id={id} zone={zone} />} />
      {registering && <NewDevice onClose={() => setRegistering(false)} />}
    </>
  );
}

function Line({ device, isChosen, zone }: { device: Device; isChosen: boolean; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  return (
    <button type="button" className="pick" aria-pressed={isChosen} onClick={() => setQuery({ item: device.id })}>
      <span className="row spread">
        <strong className="card-title">{device.name}</strong>
        <Presence device={device} />
      </span>
      <span>{device.asset_name} · {device.customer_name}</span>
      <span className="soft small">{device.last_seen_at ? t("device.seen", { at: dayAndTime(device.last_seen_at, { locale, zone }) }) : t("device.never")}</span>
    </button>
  );
}

export function Presence({ device }: { device: Device }) {
  const t = useWatchTexts();
  if (device.status === "revoked") return <Badge>{t("device.revoked")}</Badge>;
  return <Badge tone={device.online ? "ok" : "warn"}>{t(device.online ? "device.online" : "device.offline")}</Badge>;
}
