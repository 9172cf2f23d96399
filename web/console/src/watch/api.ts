// What the pages about machines ask the server for.
import { body } from "@firstfix/shared/api/client";
import { isProblem } from "@firstfix/shared/api/problem";
import type { components } from "@firstfix/shared/api/schema";
import { client } from "../api";

type Schemas = components["schemas"];
export type Alert = Schemas["AlertOut"];
export type Disposition = Schemas["Disposition"];
export type CallTask = Schemas["CallTaskOut"];
export type Incident = Schemas["IncidentOut"];
export type IncidentMember = Schemas["IncidentMemberOut"];
export type Credit = Schemas["CreditOut"];
export type Remedy = Schemas["RemedyOut"];
export type Storm = Schemas["StormOut"];
export type Rule = Schemas["RuleOut"];
export type NewRule = Schemas["RuleIn"];
export type DryRun = Schemas["DryRunOut"];
export type Playbook = Schemas["PlaybookOut"];
export type NewPlaybook = Schemas["PlaybookIn"];
export type Ladder = Schemas["LadderOut"];
export type RemedyTerms = Schemas["RemedyTermsOut"];
export type Silence = Schemas["SilenceOut"];
export type NewSilence = Schemas["SilenceIn"];
export type Inhibition = Schemas["InhibitionOut"];
export type TrainedModel = Schemas["ModelOut"];
export type Escalation = Schemas["EscalationOut"];
export type AnswerStep = Schemas["AnswerStepOut"];
export type Recipe = Schemas["RecipeOut"];
export type NewRecipe = Omit<Recipe, "id" | "version">;
export type Training = Schemas["TrainingOut"];
export type TrackRecord = Schemas["TrackRecordOut"];
export type Defects = Schemas["DefectsOut"];
export type Estimate = Schemas["EstimateOut"];
export type Device = Schemas["DeviceOut"];
export type NewDevice = Schemas["DeviceIn"];
export type RegisteredDevice = Schemas["RegisteredDeviceOut"];
export type Certificate = Schemas["CertificateOut"];
export type RemoteCommand = Schemas["RemoteCommandOut"];
export type DeadLetter = Schemas["DeadLetterOut"];

const MOST = 200;

// --- alerts ---

const alert = (alert_id: string) => ({ params: { path: { alert_id } } });

export async function fetchAlerts(territory_id: string, isEnded: boolean): Promise<Alert[]> {
  const status: Alert["status"][] = isEnded ? ["cleared"] : ["active", "acknowledged", "snoozed"];
  const { items } = await body(client.GET("/api/alerts", { params: { query: { territory_id, status, limit: MOST } } }));
  return items;
}

export const fetchAlert = (id: string) => body(client.GET("/api/alerts/{alert_id}", alert(id)));
export const fetchEvidence = (id: string) => body(client.GET("/api/alerts/{alert_id}/evidence", alert(id)));
export const acknowledgeAlert = (id: string) => body(client.POST("/api/alerts/{alert_id}/acknowledge", alert(id)));
export const approveAlert = (id: string) => body(client.POST("/api/alerts/{alert_id}/approve", alert(id)));
export const openOrderOf = (id: string) => body(client.POST("/api/alerts/{alert_id}/work-order", alert(id)));

export const snoozeAlert = (id: string, until: string) =>
  body(client.POST("/api/alerts/{alert_id}/snooze", { ...alert(id), body: { until } }));

export const clearAlert = (id: string, disposition: Disposition, note: string) =>
  body(client.POST("/api/alerts/{alert_id}/clear", { ...alert(id), body: { disposition, note } }));

export const fetchAnswerSteps = (id: string) => body(client.GET("/api/alerts/{alert_id}/answer-steps", alert(id)));

export const fetchStory = (record_id: string) =>
  body(client.GET("/api/audit/{record_id}", { params: { path: { record_id } } }));

const LATEST = 20;

/** Those to be made, or the latest that were. */
export async function fetchCalls(territory_id: string, done: boolean): Promise<CallTask[]> {
  const { items } = await body(client.GET("/api/call-tasks", { params: { query: { territory_id, done, limit: done ? LATEST : MOST } } }));
  return items;
}

const call = (call_task_id: string) => ({ params: { path: { call_task_id } } });
export const takeCall = (id: string) => body(client.POST("/api/call-tasks/{call_task_id}/take", call(id)));

export const finishCall = (id: string, outcome: CallTask["outcomes"][number], note: string) =>
  body(client.POST("/api/call-tasks/{call_task_id}/done", { ...call(id), body: { outcome: outcome as Schemas["CallDoneIn"]["outcome"], note } }));

export async function fetchEscalations(territory_id: string): Promise<Escalation[]> {
  const { items } = await body(client.GET("/api/escalations", { params: { query: { territory_id, limit: MOST } } }));
  return items;
}

export const settleEscalation = (escalation_id: string) =>
  body(client.POST("/api/escalations/{escalation_id}/settle", { params: { path: { escalation_id } } }));

// --- incidents ---

const incident = (incident_id: string) => ({ params: { path: { incident_id } } });

export async function fetchIncidents(isClosed: boolean): Promise<Incident[]> {
  const status: Incident["status"][] = isClosed ? ["closed"] : ["open", "storm"];
  const { items } = await body(client.GET("/api/incidents", { params: { query: { status, limit: MOST } } }));
  return items;
}

export const fetchIncident = (id: string) => body(client.GET("/api/incidents/{incident_id}", incident(id)));
export const closeIncident = (id: string) => body(client.POST("/api/incidents/{incident_id}/close", incident(id)));
export const fetchRemedies = (id: string) => body(client.GET("/api/incidents/{incident_id}/remedies", incident(id)));
export const fetchRemedyCosts = (id: string) => body(client.GET("/api/incidents/{incident_id}/remedy-costs", incident(id)));
export const carryOutRemedy = (remedy_id: string) => body(client.POST("/api/remedies/{remedy_id}/carry-out", { params: { path: { remedy_id } } }));
export const proposeRemedies = (id: string) => body(client.POST("/api/incidents/{incident_id}/remedies", incident(id)));

export const grantRemedy = (remedy_id: string) => body(client.POST("/api/remedies/{remedy_id}/grant", { params: { path: { remedy_id } } }));
export const declineRemedy = (remedy_id: string, note: string) =>
  body(client.POST("/api/remedies/{remedy_id}/decline", { params: { path: { remedy_id } }, body: { note } }));

/** Of all incidents, what waits and one may decide. */
export async function fetchDecidable(): Promise<Remedy[]> {
  const { items } = await body(client.GET("/api/remedies", { params: { query: { limit: MOST } } }));
  return items;
}

/** The newest first. */
export async function fetchCredits(customer_id: string): Promise<Credit[]> {
  const { items } = await body(client.GET("/api/credits", { params: { query: { customer_id, limit: MOST } } }));
  return items;
}

/** The present or the last storm; null when there was none. */
export const findStorm = (id: string): Promise<Storm | null> =>
  body(client.GET("/api/incidents/{incident_id}/storm", incident(id))).catch((error: unknown) => {
    if (isProblem(error) && error.status === 404) return null;
    throw error;
  });

export const beginStorm = (id: string, restoration_at: string, reserve_pct: number, policy_id: string | null) =>
  body(client.POST("/api/incidents/{incident_id}/storm", { ...incident(id), body: { restoration_at, reserve_pct, policy_id } }));

export const announceRestoration = (id: string, restoration_at: string) =>
  body(client.POST("/api/incidents/{incident_id}/restoration", { ...incident(id), body: { restoration_at } }));

export const calmStorm = (id: string) => body(client.POST("/api/incidents/{incident_id}/calm", incident(id)));

// --- rules and what surrounds them ---

export async function fetchRules(): Promise<Rule[]> {
  const { items } = await body(client.GET("/api/rules", { params: { query: { limit: MOST } } }));
  return items;
}

export const createRule = (rule: NewRule) => body(client.POST("/api/rules", { body: rule }));

const seen = (version: number) => ({ "if-match": `"${version}"` });

export const changeRule = ({ id, version }: Rule, rule: NewRule) =>
  body(client.PATCH("/api/rules/{rule_id}", { params: { path: { rule_id: id }, header: seen(version) }, body: rule }));

export const trustRule = (rule_id: string) => body(client.POST("/api/rules/{rule_id}/trust", { params: { path: { rule_id } } }));

export const tryRule = (rule: NewRule, days: number) => body(client.POST("/api/rules/dry-run", { body: { rule, days } }));

export async function fetchPlaybooks(): Promise<Playbook[]> {
  const { items } = await body(client.GET("/api/playbooks", { params: { query: { limit: MOST } } }));
  return items;
}

export const savePlaybook = (before: Playbook | null, wanted: NewPlaybook): Promise<Playbook> =>
  before
    ? body(client.PUT("/api/playbooks/{playbook_id}", { params: { path: { playbook_id: before.id }, header: seen(before.version) }, body: wanted }))
    : body(client.POST("/api/playbooks", { body: wanted }));

export const dropPlaybook = (playbook_id: string) =>
  body(client.DELETE("/api/playbooks/{playbook_id}", { params: { path: { playbook_id } } }));

export const fetchLadders = () => body(client.GET("/api/answer-ladders"));

export const setLadder = (danger: Ladder["danger"], steps: Schemas["LadderStep"][]) =>
  body(client.POST("/api/answer-ladders", { body: { danger, steps } }));

export const fetchRemedyTerms = () => body(client.GET("/api/remedy-terms"));
export const setRemedyTerms = (wanted: Schemas["RemedyTermsIn"]) => body(client.POST("/api/remedy-terms", { body: wanted }));

export async function fetchSilences(): Promise<Silence[]> {
  const { items } = await body(client.GET("/api/silences", { params: { query: { limit: MOST } } }));
  return items;
}

export const makeSilence = (wanted: NewSilence) => body(client.POST("/api/silences", { body: wanted }));
export const endSilence = (silence_id: string) => body(client.POST("/api/silences/{silence_id}/end", { params: { path: { silence_id } } }));
export const fetchInhibitions = () => body(client.GET("/api/inhibitions"));

export const makeInhibition = (source_fault_class: string, target_fault_class: string, reach: Inhibition["reach"]) =>
  body(client.POST("/api/inhibitions", { body: { source_fault_class, target_fault_class, reach } }));

export const liftInhibition = (inhibition_id: string) =>
  body(client.DELETE("/api/inhibitions/{inhibition_id}", { params: { path: { inhibition_id } } }));

export async function fetchModels(): Promise<TrainedModel[]> {
  const { items } = await body(client.GET("/api/models", { params: { query: { limit: MOST } } }));
  return items;
}

export const promoteModel = (model_id: string) => body(client.POST("/api/models/{model_id}/promote", { params: { path: { model_id } } }));

export async function fetchRecipes(): Promise<Recipe[]> {
  const { items } = await body(client.GET("/api/recipes", { params: { query: { limit: MOST } } }));
  return items;
}

/** The newest first. */
export async function fetchTrainings(): Promise<Training[]> {
  const { items } = await body(client.GET("/api/trainings", { params: { query: { limit: MOST } } }));
  return items;
}

export const trainNow = (recipe_id: string) => body(client.POST("/api/recipes/{recipe_id}/train", { params: { path: { recipe_id } } }));
export const cancelTraining = (training_id: string) => body(client.POST("/api/trainings/{training_id}/cancel", { params: { path: { training_id } } }));

export const plainRecipe = ({ id: _id, version: _version, ...recipe }: Recipe): NewRecipe => recipe;

/** A new recipe, or another content of one. */
export const saveRecipe = (before: Recipe | null, wanted: NewRecipe): Promise<Recipe> =>
  before
    ? body(client.PUT("/api/recipes/{recipe_id}", { params: { path: { recipe_id: before.id }, header: seen(before.version) }, body: wanted }))
    : body(client.POST("/api/recipes", { body: wanted }));

export const fetchTrackRecords = () => body(client.GET("/api/track-records"));

export const fetchDefects = (by: "model" | "batch", months: number) =>
  body(client.GET("/api/defects", { params: { query: { by, months } } }));

/** Saves the table for the product team; it is fetched here, since a link carries no sign-in. */
export async function saveDefects(by: "model" | "batch", months: number): Promise<void> {
  const text = await body(client.GET("/api/defects.csv", { params: { query: { by, months } }, parseAs: "text" }));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([String(text)], { type: "text/csv" }));
  link.download = "defects.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

// --- devices ---

const device = (device_id: string) => ({ params: { path: { device_id } } });

export async function fetchDevices(q: string): Promise<Device[]> {
  const { items } = await body(client.GET("/api/devices", { params: { query: { ...(q ? { q } : {}), limit: MOST } } }));
  return items;
}

export const fetchDevice = (id: string) => body(client.GET("/api/devices/{device_id}", device(id)));
export const revokeDevice = (id: string) => body(client.POST("/api/devices/{device_id}/revoke", device(id)));

export const registerDevice = (wanted: NewDevice) => body(client.POST("/api/devices", { body: wanted }));

export async function fetchAssetsOf(customer_id: string) {
  const { items } = await body(client.GET("/api/assets", { params: { query: { customer_id, limit: MOST } } }));
  return items;
}

export async function fetchCertificates(): Promise<Certificate[]> {
  const { items } = await body(client.GET("/api/device-certificates", { params: { query: { limit: MOST } } }));
  return items;
}

/** Those in force that end within so many days and have no successor. */
export async function fetchEnding(days: number): Promise<Certificate[]> {
  const { items } = await body(client.GET("/api/device-certificates", { params: { query: { days, limit: MOST } } }));
  return items;
}

export async function fetchCertificatesOf(id: string): Promise<Certificate[]> {
  const { items } = await body(client.GET("/api/devices/{device_id}/certificates", { params: { path: { device_id: id }, query: { limit: MOST } } }));
  return items.toReversed();
}

export const issueCertificate = (id: string, csr: string, days: number) =>
  body(client.POST("/api/devices/{device_id}/certificates", { ...device(id), body: { csr, days } }));

export const revokeCertificate = (certificate_id: string) =>
  body(client.POST("/api/device-certificates/{certificate_id}/revoke", { params: { path: { certificate_id } } }));

export async function fetchCommands(id: string): Promise<RemoteCommand[]> {
  const { items } = await body(client.GET("/api/devices/{device_id}/commands", { params: { path: { device_id: id }, query: { limit: MOST } } }));
  return items.toReversed();
}

export const sendCommand = (id: string, name: string, arguments_: Record<string, unknown>, lifetime_seconds: number) =>
  body(client.POST("/api/devices/{device_id}/commands", { ...device(id), body: { name, arguments: arguments_, lifetime_seconds } }));

export async function fetchDeadLetters(device_id: string | null): Promise<DeadLetter[]> {
  const { items } = await body(client.GET("/api/ingest/dead-letters", { params: { query: { ...(device_id ? { device_id } : {}), limit: 50 } } }));
  return items;
}

export const fetchMarks = (device_id: string) => body(client.GET("/api/ingest/marks", { params: { query: { device_id } } }));

export const fetchDrops = () => body(client.GET("/api/ingest/drops", { params: { query: { days: 7 } } }));

export const fetchMetrics = (asset_id: string) =>
  body(client.GET("/api/assets/{asset_id}/metrics", { params: { path: { asset_id }, query: {} } }));

export const fetchReadings = (asset_id: string, metric: string, hours: number) =>
  body(client.GET("/api/assets/{asset_id}/readings", { params: { path: { asset_id }, query: { metric, hours } } }));
