// What the page of freelancers' answers asks of the server.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { client, queries } from "../api";

type Schemas = components["schemas"];
export type Answers = Schemas["AnswersShown"];
export type About = Schemas["AboutVisit"];
export type CounterWaiting = Schemas["CounterWaiting"];
export type ConfirmationWaiting = Schemas["ConfirmationWaiting"];
export type LateWaiting = Schemas["LateWaiting"];
export type LostVisit = Schemas["LostVisit"];
export type StandByUncovered = Schemas["StandByUncoveredShown"];
export type Terms = Schemas["CounterIn"];

export const fetchAnswers = (territory_id: string) => body(client.GET("/api/crowd/answers", { params: { query: { territory_id } } }));

export const refreshAnswers = (): void => void queries.invalidateQueries({ queryKey: ["answers"] });

const counter = (counter_id: string) => ({ params: { path: { counter_id } } });

export const acceptCounter = (id: string) => body(client.POST("/api/counter-offers/{counter_id}/accept", counter(id)));

export const declineCounter = (id: string, answer: string) =>
  body(client.POST("/api/counter-offers/{counter_id}/decline", { ...counter(id), body: { answer } }));

export const takeBackCounter = (id: string) => body(client.POST("/api/counter-offers/{counter_id}/take-back", counter(id)));

export const proposeTerms = (offer_id: string, wanted: Terms) =>
  body(client.POST("/api/offers/{offer_id}/counter", { params: { path: { offer_id } }, body: wanted }));

export const recordNoShow = (visit_id: string, technician_id: string, reason: string) =>
  body(client.POST("/api/visits/{visit_id}/technician-no-show", { params: { path: { visit_id } }, body: { reason, technician_id } }));

export const waiveFee = (payout_id: string, reason: string) =>
  body(client.POST("/api/payouts/{payout_id}/reverse", { params: { path: { payout_id } }, body: { reason } }));

/** How many wait for somebody of the office to act. */
export function countWaiting(found: Answers): number {
  const ours = found.counter_offers.filter((one) => one.counter.moves.includes("accept"));
  const alone = found.lost.filter((one) => one.review_id !== null || needsSomebody(one));
  return [ours, found.stand_bys, found.unanswered, found.overdue, found.late.filter(breaksPromise), alone].flat().length;
}

export const needsSomebody = (one: LostVisit): boolean => one.visit_status === "unscheduled" && one.asked_count === 0;

/** By own word later than the customer was told. */
export const breaksPromise = (one: LateWaiting): boolean => one.at_risk || (one.promised_by !== null && one.arrives_at > one.promised_by);
