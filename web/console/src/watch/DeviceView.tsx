// One device: its state, its readings, what it was told to do, its certificates, and what was dropped.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { dayAndTime } from "@firstfix/shared/time";
import { Badge, Button, Choice, Empty, Field, LongText, type Tone } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import { type Device, fetchCommands, fetchDevice, fetchMetrics, fetchReadings, type RemoteCommand, revokeDevice, sendCommand } from "./api";
import { CertificatesOf } from "./Certificates";
import { Chart } from "./Chart";
import { Presence } from "./Devices";
import { Dropped } from "./Dropped";
import { Marks } from "./Marks";
import { Facts, Loaded, useNumber } from "./pieces";
import { useWatchTexts, type WatchKey } from "./words";

export function DeviceView({ id, zone }: { id: string; zone: string }) {
  const device = useQuery({ queryKey: ["devices", "one", id], queryFn: () => fetchDevice(id), refetchInterval: 60_000 });
  return (
    <Loaded of={device} lines={8}>
      {(found) => <One device={found} zone={zone} />}
    </Loaded>
  );
}

function One({ device, zone }: { device: Device; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const [asking, setAsking] = useState<"command" | "revoke" | null>(null);
  return (
    <>
      <h2>{device.name}</h2>
      <div className="row wrap">
        <Presence device={device} />
      </div>
      {device.status === "active" && (
        <div className="row wrap">
          <Button kind="primary" onClick={() => setAsking("command")}>{t("command.send")}</Button>
          <Button kind="danger" onClick={() => setAsking("revoke")}>{t("device.revoke")}</Button>
        </div>
      )}
      <Facts
        rows={[
          [t("alert.asset"), device.asset_name],
          [t("alert.customer"), device.customer_name],
          [t("device.kind"), device.kind],
          [t("alert.last_seen"), device.last_seen_at ? dayAndTime(device.last_seen_at, { locale, zone }) : t("device.never")],
          device.gateway_name !== null && [t("device.gateway"), device.gateway_name],
          [t("device.quota"), t("device.quota.is", { count: device.messages_per_minute })],
        ]}
      />
      <Readings device={device} zone={zone} />
      <Marks deviceId={device.id} zone={zone} />
      <Commands device={device} zone={zone} />
      <CertificatesOf device={device} zone={zone} />
      <h3>{t("dropped")}</h3>
      <Dropped zone={zone} deviceId={device.id} />
      {asking === "command" && <Send device={device} onClose={() => setAsking(null)} />}
      {asking === "revoke" && <Revoke device={device} onClose={() => setAsking(null)} />}
    </>
  );
}

const SPANS = [6, 24, 24 * 7, 24 * 31];

function Readings({ device, zone }: { device: Device; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const number = useNumber();
  const [chosen, setMetric] = useState("");
  const [hours, setHours] = useState(24);
  const metrics = useQuery({ queryKey: ["devices", "metrics", device.asset_id], queryFn: () => fetchMetrics(device.asset_id) });
  const metric = chosen || metrics.data?.metrics[0] || "";
  const series = useQuery({
    queryKey: ["devices", "readings", device.asset_id, metric, hours],
    queryFn: () => fetchReadings(device.asset_id, metric, hours),
    enabled: metric !== "",
    refetchInterval: 60_000,
  });
  const own = series.data?.points.filter((point) => point.device_id === device.id) ?? [];
  const last = own.at(-1);
  return (
    <>
      <h3>{t("readings")}</h3>
      <Loaded of={metrics} lines={3}>
        {(found) =>
          found.metrics.length === 0 ? (
            <Empty title={t("readings.none")}>{t("readings.none.more")}</Empty>
          ) : (
            <>
              <div className="pair">
                <Choice label={t("rule.metric")} value={metric} onChange={setMetric} options={found.metrics.map((one) => [one, one.replaceAll("_", " ")] as const)} />
                <Choice label={t("readings.span")} value={String(hours)} onChange={(value) => setHours(Number(value))} options={SPANS.map((one) => [String(one), one > 24 ? t("days", { count: one / 24 }) : t("hours", { count: one })] as const)} />
              </div>
              <Loaded of={series} lines={5}>
                {() => (
                  <>
                    {last && <p>{t("readings.last", { value: number(last.value, 2), at: dayAndTime(last.ts, { locale, zone }) })}</p>}
                    {own.length === 0 ? <Empty title={t("readings.quiet")}>{t("readings.quiet.more")}</Empty> : <Chart title={metric.replaceAll("_", " ")} points={own} zone={zone} />}
                  </>
                )}
              </Loaded>
            </>
          )
        }
      </Loaded>
    </>
  );
}

const TONES: Record<RemoteCommand["status"], Tone> = { queued: "neutral", sent: "accent", done: "ok", failed: "danger", expired: "warn" };

function Commands({ device, zone }: { device: Device; zone: string }) {
  const t = useWatchTexts();
  const { locale } = useLocale();
  const commands = useQuery({ queryKey: ["devices", "commands", device.id], queryFn: () => fetchCommands(device.id), refetchInterval: 10_000 });
  return (
    <>
      <h3>{t("commands")}</h3>
      <Loaded of={commands} lines={2}>
        {(all) => (
          <ul className="stack tight">
            {all.length === 0 && <li className="soft small">{t("commands.none")}</li>}
            {all.slice(0, 20).map((one) => (
              <li key={one.id} className="row wrap">
                <Badge tone={TONES[one.status]}>{t(`command.${one.status}` as WatchKey)}</Badge>
                <strong>{one.name}</strong>
                <span className="soft small">{dayAndTime(one.created_at, { locale, zone })}</span>
                {one.answer != null && <code className="small">{JSON.stringify(one.answer)}</code>}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}

function Send({ device, onClose }: { device: Device; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const [name, setName] = useState("");
  const [text, setText] = useState("{}");
  const [minutes, setMinutes] = useState(10);
  const sent = argumentsOf(text);
  const send = async (): Promise<void> => {
    await sendCommand(device.id, name, sent!, minutes * 60);
    tell(t("done.command"));
    void queries.invalidateQueries({ queryKey: ["devices"] });
  };
  return (
    <FormDialog title={t("command.send")} submit={t("command.do")} disabled={sent === null} onClose={onClose} onSubmit={send}>
      <p className="soft">{t("command.hint")}</p>
      <Field label={t("command.name")} required pattern="[a-z][a-z0-9_]*" hint={t("command.name.hint")} value={name} onChange={(event) => setName(event.target.value)} />
      <LongText label={t("command.arguments")} value={text} onChange={setText} rows={2} hint={sent === null ? t("command.arguments.wrong") : t("command.arguments.hint")} />
      <Field label={t("command.lifetime")} type="number" min={1} max={10080} required value={minutes} onChange={(event) => setMinutes(Number(event.target.value))} />
    </FormDialog>
  );
}

/** The JSON object that was typed; null when it is none. */
function argumentsOf(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text || "{}");
    return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function Revoke({ device, onClose }: { device: Device; onClose: () => void }) {
  const t = useWatchTexts();
  const tell = useTell();
  const send = async (): Promise<void> => {
    await revokeDevice(device.id);
    tell(t("done.revoked"));
    void queries.invalidateQueries({ queryKey: ["devices"] });
  };
  return (
    <FormDialog title={t("device.revoke.title", { name: device.name })} submit={t("device.revoke.do")} tone="danger" onClose={onClose} onSubmit={send}>
      <p>{t("device.revoke.hint")}</p>
    </FormDialog>
  );
}
