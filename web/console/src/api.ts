// What the console asks of the server.
import { body, makeApi, makeQueryClient } from "@firstfix/shared/api/client";
import { deviceName, type Tokens } from "@firstfix/shared/api/session";
import type { BoardVisit } from "./types";

export const { client, session } = makeApi("console");
export const queries = makeQueryClient();

/** Whether who is signed in has one of these roles. */
export const may = (...roles: string[]): boolean => roles.some((role) => session.principal?.roles.includes(role));

const visit = (visit_id: string) => ({ params: { path: { visit_id } } });
const order = (work_order_id: string) => ({ params: { path: { work_order_id } } });

export function refreshBoard(): void {
  for (const key of ["board", "visit", "plan", "messages"]) void queries.invalidateQueries({ queryKey: [key] });
}

export const signIn = (email: string, password: string): Promise<Tokens> =>
  body(client.POST("/api/auth/sign-in", { body: { email, password, device: deviceName() } }));

// --- the board ---

export const fetchTerritories = () => body(client.GET("/api/territories"));

export const fetchBoard = (territory_id: string, day: string) =>
  body(client.GET("/api/board", { params: { query: { territory_id, day } } }));

export const fetchVisit = (id: string) => body(client.GET("/api/visits/{visit_id}", visit(id)));

export const fetchOrder = (id: string) => body(client.GET("/api/work-orders/{work_order_id}", order(id)));

/** Opens the printable day sheet in a tab of its own; it is fetched here, since a link carries no sign-in. */
export async function openDaySheet(technician_id: string, day: string): Promise<void> {
  const tab = window.open("", "_blank");
  const html = await body(
    client.GET("/api/technicians/{technician_id}/day-sheet", {
      params: { path: { technician_id }, query: { day } },
      parseAs: "text",
    }),
  ).catch((error: unknown) => {
    tab?.close();
    throw error;
  });
  const url = URL.createObjectURL(new Blob([String(html)], { type: "text/html" }));
  if (tab) tab.location.href = url;
  else location.assign(url);
}

// --- planning ---

export async function latestPlan(territory_id: string) {
  const { items } = await body(client.GET("/api/plans", { params: { query: { territory_id, limit: 10 } } }));
  return items.find((plan) => plan.kind !== "draft") ?? null;
}

export const requestPlan = (territoryId: string) =>
  body(client.POST("/api/plans", { body: { territory_ids: [territoryId] } }));

export interface NewDraft {
  territoryIds: string[];
  start: string | null;
  end: string;
  seconds: number;
  /** NAME@VERSION; null for the rules in force. */
  policy: string | null;
}

export const requestDraft = (wanted: NewDraft) =>
  body(
    client.POST("/api/plans", {
      body: {
        draft: true,
        territory_ids: wanted.territoryIds,
        horizon_start: wanted.start,
        horizon_end: wanted.end,
        limit_seconds: wanted.seconds,
        policy: wanted.policy,
      },
    }),
  );

export const fetchPolicies = () => body(client.GET("/api/policies"));

/** Plans that wait for a decision, and the newest of all kinds. */
export async function fetchPlans(territory_id: string) {
  const list = (query: { status?: "drafted"; limit: number }) =>
    body(client.GET("/api/plans", { params: { query: { territory_id, ...query } } }));
  const [waiting, newest] = await Promise.all([list({ status: "drafted", limit: 100 }), list({ limit: 30 })]);
  return { waiting: waiting.items, newest: newest.items.filter((plan) => plan.status !== "drafted") };
}

const plan = (plan_id: string) => ({ params: { path: { plan_id } } });

export const fetchDifference = (id: string) => body(client.GET("/api/plans/{plan_id}/difference", plan(id)));

export const applyPlan = (id: string) => body(client.POST("/api/plans/{plan_id}/apply", plan(id)));

export const dropPlan = (id: string) => body(client.POST("/api/plans/{plan_id}/drop", plan(id)));

export const fetchExplanation = (id: string, compare: string[] = []) =>
  body(client.GET("/api/visits/{visit_id}/explanation", { params: { path: { visit_id: id }, query: { compare: compare as never } } }));

export interface Way {
  way: "candidate" | "earlier" | "relaxation";
  technician_ids: string[];
  code?: string;
  name?: string | null;
}

/** Makes a draft of something an explanation says could be done. */
export const draftOf = (id: string, wanted: Way) =>
  body(client.POST("/api/visits/{visit_id}/explanation/draft", { ...visit(id), body: wanted }));

// --- assigning ---

export const checkCrew = (id: string, technician_ids: string[], starts_at: string) =>
  body(client.POST("/api/visits/{visit_id}/check-assignment", { ...visit(id), body: { technician_ids, starts_at } }));

export const checkAssignment = (id: string, technicianId: string, startsAt: string) => checkCrew(id, [technicianId], startsAt);

export interface Assign {
  technicianIds: string[];
  startsAt: string;
  acceptViolations?: boolean;
  overlapReason?: string;
  overlapUntil?: string;
}

/** Sends the version that was looked at, so that two dispatchers never overwrite each other. */
export const assign = (seen: Pick<BoardVisit, "id" | "version">, wanted: Assign, isNewest = true) =>
  body(
    client.POST("/api/visits/{visit_id}/assign", {
      params: { path: { visit_id: seen.id }, header: isNewest ? { "If-Match": `"${seen.version}"` } : {} },
      body: {
        technician_ids: wanted.technicianIds,
        starts_at: wanted.startsAt,
        accept_violations: wanted.acceptViolations ?? false,
        ...(wanted.overlapReason ? { overlap_reason: wanted.overlapReason, overlap_until: wanted.overlapUntil! } : {}),
      },
    }),
  );

export const unassign = (id: string, reason: string) =>
  body(client.POST("/api/visits/{visit_id}/unassign", { ...visit(id), body: { reason } }));

export const recall = (id: string) => body(client.POST("/api/visits/{visit_id}/recall", visit(id)));

export const dispatchVisit = (id: string) => body(client.POST("/api/visits/{visit_id}/dispatch", visit(id)));

export const move = (id: string, to: string, reason?: string) =>
  body(client.POST("/api/visits/{visit_id}/move", { ...visit(id), body: { to: to as never, ...(reason ? { reason } : {}) } }));

export const noAccess = (id: string, calls: { at: string; to: string; outcome: string }[], waited_minutes: number) =>
  body(client.POST("/api/visits/{visit_id}/no-access", { ...visit(id), body: { call_log: calls, waited_minutes } }));

export interface NewPin {
  kind: string;
  reason: string;
  technician_id?: string;
  day?: string;
  starts_at?: string;
  window_start?: string;
  window_end?: string;
}

export const pin = (id: string, wanted: NewPin) =>
  body(client.PUT("/api/visits/{visit_id}/pins", { ...visit(id), body: wanted as never }));

export const unpin = (id: string, kind: string) =>
  body(client.DELETE("/api/visits/{visit_id}/pins", { params: { path: { visit_id: id }, query: { kind: kind as never } } }));

export async function offerVisit(visit_id: string, pay_cents: number | null): Promise<number> {
  const offers = await body(client.POST("/api/offers", { body: { visit_id, ...(pay_cents === null ? {} : { pay_cents }) } }));
  return offers.length;
}

export const reportSick = (technician_id: string, until: string, reason: string) =>
  body(
    client.POST("/api/technicians/{technician_id}/sick", {
      params: { path: { technician_id } },
      body: { until, reason },
    }),
  );

// --- work orders ---

export const holdOrder = (id: string, reason: string, until: string | null) =>
  body(client.POST("/api/work-orders/{work_order_id}/hold", { ...order(id), body: { reason, ...(until ? { until } : {}) } }));

export const releaseOrder = (id: string) => body(client.POST("/api/work-orders/{work_order_id}/release", order(id)));

export const cancelOrder = (id: string, reason: string) =>
  body(client.POST("/api/work-orders/{work_order_id}/cancel", { ...order(id), body: { reason } }));

export const changePriority = (id: string, priority: number, reason: string, until: string) =>
  body(client.POST("/api/work-orders/{work_order_id}/priority", { ...order(id), body: { priority, reason, until } }));

export const tellPresence = (id: string) => body(client.POST("/api/work-orders/{work_order_id}/presence", order(id)));

export const fetchPresence = (id: string) => body(client.GET("/api/work-orders/{work_order_id}/presence", order(id)));

export async function fetchHistory(visitId: string, orderId: string) {
  const of = (record_id: string) => body(client.GET("/api/audit/{record_id}", { params: { path: { record_id } } }));
  const entries = (await Promise.all([of(visitId), of(orderId)])).flat();
  return entries.sort((a, b) => b.at.localeCompare(a.at));
}

// --- customers, intake ---

export async function fetchMessages(customer_id: string) {
  const { items } = await body(client.GET("/api/messages", { params: { query: { customer_id, limit: 20 } } }));
  return items;
}

export const sendMessage = (customer_id: string, visit_id: string, text: string) =>
  body(client.POST("/api/messages", { body: { customer_id, visit_id, text } }));

export async function searchCustomers(q: string) {
  const { items } = await body(client.GET("/api/customers", { params: { query: { q, limit: 12 } } }));
  return items;
}

export const createCustomer = (name: string, phone: string, email: string) =>
  body(client.POST("/api/customers", { body: { name, ...(phone ? { phone } : {}), ...(email ? { email } : {}) } }));

const customer = (customer_id: string) => ({ params: { path: { customer_id } } });

export const fetchSites = (id: string) => body(client.GET("/api/customers/{customer_id}/sites", customer(id)));

export const geocode = (address: string) => body(client.GET("/api/geocode", { params: { query: { address } } }));

export const createSite = (id: string, site: { address: string; latitude: number; longitude: number }) =>
  body(client.POST("/api/customers/{customer_id}/sites", { ...customer(id), body: site }));

export async function fetchAssets(site_id: string) {
  const { items } = await body(client.GET("/api/assets", { params: { query: { site_id, limit: 100 } } }));
  return items;
}

export async function fetchWorkTypes() {
  const { items } = await body(client.GET("/api/work-types", { params: { query: { limit: 200 } } }));
  return items;
}

export const fetchEntitlement = (site_id: string, work_type_code: string, asset_id: string | null) =>
  body(client.GET("/api/entitlement", { params: { query: { site_id, work_type_code, ...(asset_id ? { asset_id } : {}) } } }));

export interface NewOrder {
  customer_id: string;
  site_id: string;
  work_type_code: string;
  description: string;
  asset_id?: string;
  priority?: number;
}

export async function openOrder(wanted: NewOrder) {
  const { id, number } = await body(client.POST("/api/work-orders", { body: wanted }));
  const { visits } = await fetchOrder(id);
  return { orderId: id, visitId: visits[0]!.id, number };
}

export const fetchWindows = (id: string, from: string, days: number) =>
  body(client.GET("/api/visits/{visit_id}/windows", { params: { path: { visit_id: id }, query: { from, days } } }));

export async function holdWindow(id: string, { start, end }: { start: string; end: string }): Promise<string> {
  const held = await body(
    client.POST("/api/visits/{visit_id}/hold", { ...visit(id), body: { window_start: start, window_end: end } }),
  );
  return held.expires_at;
}

/** Times that freelancers are likely to keep, on days on which nobody of our own is sure. */
export const fetchTentative = (id: string, from: string, days: number) =>
  body(client.GET("/api/visits/{visit_id}/tentative-windows", { params: { path: { visit_id: id }, query: { from, days } } }));

export const askForDate = (id: string, { start, end }: { start: string; end: string }) =>
  body(client.POST("/api/visits/{visit_id}/ask-for-date", { ...visit(id), body: { window_start: start, window_end: end } }));

export const confirmHold = (id: string) => body(client.POST("/api/visits/{visit_id}/confirm", visit(id)));
