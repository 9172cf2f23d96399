// The shapes of the technician's API.
import type { components } from "@firstfix/shared/api/schema";

type Schemas = components["schemas"];
export type Day = Schemas["Day"];
export type VisitSheet = Schemas["VisitSheet"];
export type NextMove = Schemas["MoveShown"];
export type OwnFile = Schemas["OwnFile"];
export type Payout = Schemas["PayoutShown"];
export type PayChange = Schemas["PayChangeShown"];
export type PayChangeIn = Schemas["OwnPayChangeIn"];
export type Purse = Schemas["PurseShown"];
export type ScoreChange = Schemas["ScoreChangeShown"];
export type Considered = Schemas["ConsiderationShown"];
export type Review = Schemas["ReviewShown"];
export type OfferCard = Schemas["OfferCard"];
export type CounterShown = Schemas["CounterShown"];
export type CounterIn = Schemas["CounterIn"];
export type StandByCard = Schemas["StandByCard"];
export type ConfirmationCard = Schemas["ConfirmationCard"];
export type OfferAnswer = Schemas["OfferAnswer"];
export type RateCardIn = Schemas["RateCardIn"];
export type Rates = Pick<OwnFile, "hourly_cents" | "travel_cents_per_hour" | "currency">;
export type Options = readonly (readonly [value: string, words: string])[];
