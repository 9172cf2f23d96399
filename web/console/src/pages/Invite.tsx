// Invites somebody to the crowd: a freelancer, or the people and managers of a provider.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { Choice, Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../api";
import type { Territory } from "../types";
import { useTexts } from "../words";
import { fetchProviders, invite } from "./crowd";

const ROLES = ["freelancer", "employee", "provider_manager"] as const;
type Role = (typeof ROLES)[number];

export function Invite({ territory, onClose }: { territory: Territory; onClose: () => void }) {
  const t = useTexts();
  const tell = useTell();
  const { language } = useLocale();
  const providers = useQuery({ queryKey: ["providers"], queryFn: fetchProviders });
  const [role, setRole] = useState<Role>("freelancer");
  const [provider_id, setProvider] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [latitude, setLatitude] = useState(String(territory.latitude));
  const [longitude, setLongitude] = useState(String(territory.longitude));
  const send = async (): Promise<void> => {
    await invite({
      invited_as: role,
      provider_id: role === "freelancer" ? null : provider_id,
      name: name.trim(),
      email: email.trim(),
      territory_id: territory.id,
      latitude: Number(latitude),
      longitude: Number(longitude),
      locale: language,
    });
    tell(t("crowd.invited"));
    void queries.invalidateQueries({ queryKey: ["crowd"] });
  };
  return (
    <FormDialog title={t("crowd.invite")} submit={t("crowd.invite")} onClose={onClose} onSubmit={send}>
      <Choice label={t("crowd.as")} value={role} onChange={(one) => setRole(one as Role)} options={ROLES.map((one) => [one, t(`crowd.as.${one}`)])} />
      {role !== "freelancer" && (
        <Choice
          label={t("crowd.provider")}
          required
          value={provider_id}
          onChange={setProvider}
          options={[["", ""], ...(providers.data ?? []).map((one) => [one.id, one.name] as const)]}
        />
      )}
      <Field label={t("crowd.name")} required value={name} onChange={(e) => setName(e.target.value)} />
      <Field label={t("crowd.email")} type="email" required value={email} onChange={(e) => setEmail(e.target.value)} />
      <Field label={t("crowd.latitude")} type="number" step="any" min={-90} max={90} required value={latitude} onChange={(e) => setLatitude(e.target.value)} />
      <Field label={t("crowd.longitude")} type="number" step="any" min={-180} max={180} required value={longitude} onChange={(e) => setLongitude(e.target.value)} />
    </FormDialog>
  );
}
