// What the technician app asks of the server, and the queue that sends its actions.
import { body, makeApi, makeQueryClient } from "@firstfix/shared/api/client";
import type { Tokens } from "@firstfix/shared/api/session";
import { deviceName } from "@firstfix/shared/api/session";
import { openDatabase } from "./database";
import { CommandQueue, isRefused, type Send } from "./queue";
import type { ConfirmationCard, CounterIn, Day, OfferAnswer, OfferCard, Options, PayChangeIn, RateCardIn, VisitSheet } from "./types";

export const { client, session } = makeApi("technician");
export const queries = makeQueryClient();

export interface Kept<T> {
  value: T;
  /** When the phone kept this answer; null when it is fresh. */
  keptAt: string | null;
}

export async function fetchDay(): Promise<Kept<Day>> {
  const { data, response } = await client.GET("/api/technician/day");
  return { value: data as Day, keptAt: response.headers.get("Firstfix-Kept-At") };
}

export function fetchVisit(visit_id: string): Promise<VisitSheet> {
  return body(client.GET("/api/technician/visits/{visit_id}", { params: { path: { visit_id } } }));
}

export const fetchBackOutCost = (visit_id: string) =>
  body(client.GET("/api/technician/visits/{visit_id}/back-out", { params: { path: { visit_id } } }));

export function fetchOffers(): Promise<OfferCard[]> {
  return body(client.GET("/api/technician/offers"));
}

export function signIn(email: string, password: string): Promise<Tokens> {
  return body(client.POST("/api/auth/sign-in", { body: { email, password, device: deviceName() } }));
}

export const lookAtInvitation = (token: string) => body(client.POST("/api/join/look", { body: { token } }));

export const join = (wanted: { token: string; name: string; password: string; terms_number: number | null; locale: string }) =>
  body(client.POST("/api/join", { body: wanted }));

export const fetchFile = () => body(client.GET("/api/technician/file"));
export const submitFile = () => body(client.POST("/api/technician/file/submit"));
export const agreeToTerms = (number: number) => body(client.POST("/api/technician/consents", { body: { number } }));
export const changeArea = (max_travel_km: number, max_week_hours: number | null) =>
  body(client.PATCH("/api/technician/file", { body: { max_travel_km, max_week_hours } }));
export const setHours = (hours: { weekday: number; opens: string; closes: string }[]) =>
  body(client.PUT("/api/technician/hours", { body: { hours } }));
export const proposeRates = (card: RateCardIn) => body(client.PUT("/api/technician/rate-card", { body: card }));
export const setBank = (holder: string, iban: string) => body(client.PUT("/api/technician/bank-details", { body: { holder, iban } }));
export const reportAway = (wanted: { kind: "holiday" | "illness" | "other"; starts_at: string; ends_at: string; reason: string }) =>
  body(client.POST("/api/technician/absences", { body: wanted }));
export const withdrawAway = (absence_id: string) => body(client.DELETE("/api/technician/absences/{absence_id}", { params: { path: { absence_id } } }));
export const fetchSuspensions = () => body(client.GET("/api/technician/suspensions"));
export const appeal = (suspension_id: string, words: string) =>
  body(client.POST("/api/technician/suspensions/{suspension_id}/appeal", { params: { path: { suspension_id } }, body: { words } }));
export const handIn = (name: string, content: string) => body(client.POST("/api/technician/documents", { body: { name, content } }));
export const claimSkill = (skill: string, level: number, document_id: string) =>
  body(client.POST("/api/technician/skill-claims", { body: { skill, level, document_id } }));
export const claimCredential = (kind: string, expires_at: string | null, document_id: string) =>
  body(client.POST("/api/technician/credentials", { body: { kind, expires_at, document_id } }));

/** Skills and kinds of proofs, `[value, words]`, that some work asks for or everybody needs. */
export async function fetchChoices(): Promise<{ skills: Options; proofs: Options }> {
  const [asked, kinds] = await Promise.all([body(client.GET("/api/qualifications")), body(client.GET("/api/credential-kinds"))]);
  const names = new Map([...asked.credentials.map((kind) => [kind, kind] as const), ...kinds.map((one) => [one.kind, one.name] as const)]);
  return { skills: asked.skills.map((skill) => [skill, skill]), proofs: [...names] };
}

export const fetchOnCall = () => body(client.GET("/api/technician/on-call"));

export const answerCallOut = (call_out_id: string, accepted: boolean) =>
  body(client.POST("/api/technician/on-call/call-outs", { body: { call_out_id, accepted } }));

export const answerSwap = (change_id: string, accepted: boolean) =>
  body(client.POST("/api/technician/on-call/answers", { body: { change_id, accepted } }));

export const fetchScore = () => body(client.GET("/api/technician/score"));
export const fetchFairShare = () => body(client.GET("/api/technician/fair-share"));
export const fetchReviews = () => body(client.GET("/api/technician/reviews"));
export const fetchRules = () => body(client.GET("/api/trust-terms"));
export const fetchEarnings = () => body(client.GET("/api/technician/earnings"));

export interface ReviewSubject {
  fact_id?: string;
  consideration_id?: number;
}

export const askReview = (wanted: ReviewSubject & { reason: string }) =>
  body(client.POST("/api/technician/reviews", { body: wanted }));

export const disputePayout = (payout_id: string, reason: string) =>
  body(client.POST("/api/technician/payouts/{payout_id}/dispute", { params: { path: { payout_id } }, body: { reason } }));

export const askForExtra = (wanted: PayChangeIn) => body(client.POST("/api/technician/pay-changes", { body: wanted }));
export const agreeToLess = (change_id: string) => body(client.POST("/api/technician/pay-changes/{change_id}/approve", { params: { path: { change_id } } }));
export const refuseLess = (change_id: string, reason: string) =>
  body(client.POST("/api/technician/pay-changes/{change_id}/refuse", { params: { path: { change_id } }, body: { reason } }));

export const fetchStatement = async (year: number, month: number, format: "pdf" | "csv"): Promise<Blob> =>
  (await body(client.GET("/api/technician/statement", { params: { query: { year, month, format } }, parseAs: "blob" }))) as Blob;

const offer = (offer_id: string) => ({ params: { path: { offer_id } } });

export const markViewed = (id: string): Promise<unknown> => client.POST("/api/technician/offers/{offer_id}/viewed", offer(id));

export function accept(id: string): Promise<OfferAnswer> {
  return body(client.POST("/api/technician/offers/{offer_id}/accept", offer(id)));
}

export function decline(id: string): Promise<OfferAnswer> {
  return body(client.POST("/api/technician/offers/{offer_id}/decline", { ...offer(id), body: {} }));
}

export const fetchStandBys = () => body(client.GET("/api/technician/stand-bys"));

export function answerStandBy(stand_by_offer_id: string, yes: boolean): Promise<unknown> {
  return yes
    ? body(client.POST("/api/technician/stand-bys/{stand_by_offer_id}/accept", standBy(stand_by_offer_id)))
    : body(client.POST("/api/technician/stand-bys/{stand_by_offer_id}/decline", standBy(stand_by_offer_id)));
}

const standBy = (stand_by_offer_id: string) => ({ params: { path: { stand_by_offer_id } } });

export const fetchStandByBackOutCost = (id: string) => body(client.GET("/api/technician/stand-bys/{stand_by_offer_id}/back-out", standBy(id)));

export const giveStandByBack = (id: string, reason: string) =>
  body(client.POST("/api/technician/stand-bys/{stand_by_offer_id}/back-out", { ...standBy(id), body: { reason } }));

export function fetchConfirmations(): Promise<ConfirmationCard[]> {
  return body(client.GET("/api/technician/confirmations"));
}

export const proposeTerms = (id: string, terms: Partial<CounterIn>) =>
  body(client.POST("/api/technician/offers/{offer_id}/counter", { ...offer(id), body: { note: "", expenses_cents: 0, ...terms } }));

const bundle = (bundle_id: string) => ({ params: { path: { bundle_id } } });

export const acceptBundle = (id: string): Promise<unknown> => body(client.POST("/api/technician/bundles/{bundle_id}/accept", bundle(id)));

export const declineBundle = (id: string): Promise<unknown> =>
  body(client.POST("/api/technician/bundles/{bundle_id}/decline", { ...bundle(id), body: {} }));

const counter = (counter_id: string) => ({ params: { path: { counter_id } } });

export const acceptCounter = (id: string) => body(client.POST("/api/technician/counter-offers/{counter_id}/accept", counter(id)));

export const declineCounter = (id: string) =>
  body(client.POST("/api/technician/counter-offers/{counter_id}/decline", { ...counter(id), body: { answer: "" } }));

export const takeBackCounter = (id: string) =>
  body(client.POST("/api/technician/counter-offers/{counter_id}/take-back", counter(id)));

/** After an answer both lists may be different. */
export function refreshOffers(): void {
  for (const key of ["offers", "day", "on_call"]) void queries.invalidateQueries({ queryKey: [key] });
}

export function sendPosition({ coords }: GeolocationPosition): Promise<unknown> {
  const { latitude, longitude, accuracy } = coords;
  return client.POST("/api/technician/position", { body: { latitude, longitude, accuracy_m: Math.round(accuracy) } });
}

/** Each person has their own actions on a shared phone. */
export async function openQueue(person: string, onRefused: (count: number) => void): Promise<CommandQueue> {
  const db = await openDatabase(`firstfix-technician-${person}`);
  const send: Send = (batch) => body(client.POST("/api/technician/commands", { body: batch }));
  return new CommandQueue(db, send, (answers) => {
    const refused = answers.filter(isRefused).length;
    if (refused) onRefused(refused);
    return queries.invalidateQueries({ queryKey: ["day"] });
  });
}

export function forgetDay(): void {
  navigator.serviceWorker?.controller?.postMessage("forget the day");
  queries.clear();
}
