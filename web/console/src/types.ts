// The shapes the console works with, from the generated schema.
import type { components } from "@firstfix/shared/api/schema";

type Schemas = components["schemas"];
export type ServerBoard = Schemas["BoardOut"];
export type BoardTechnician = Schemas["BoardTechnician"];
export type Seat = Schemas["SeatOut"];
export type Pin = Schemas["PinOut"];
export type Territory = Schemas["TerritoryOut"];
export type Check = Schemas["CheckOut"];
export type Order = Schemas["WorkOrderDetail"];
export type Customer = Schemas["CustomerOut"];
export type Site = Schemas["SiteOut"];
export type Found = Schemas["FoundOut"];
export type Asset = Schemas["AssetOut"];
export type Entitlement = Schemas["EntitlementOut"];
export type Plan = Schemas["PlanLine"];
export type PlanDifference = Schemas["PlanDifference"];
export type Change = Schemas["ChangeOut"];
export type ChangeSeat = Schemas["SeatBefore"];
export type Explanation = Schemas["ExplanationOut"];
export type Candidate = Schemas["CandidateOut"];
export type Relaxation = Schemas["RelaxationOut"];
export type Comparison = Schemas["ComparisonOut"];
export type MovedVisit = Schemas["MovedOut"];
export type OfficeWindow = Schemas["WindowOut"];
export type TentativeWindow = Schemas["TentativeOut"];
export type AuditEntry = Schemas["AuditEntryOut"];
export type Message = Schemas["MessageOut"];

/** A visit as the board shows it; skills are free data on the server's side. */
export type BoardVisit = Omit<Schemas["VisitCard"], "skills"> & {
  skills: { skill: string; level: number }[];
  /** What a draft that is looked at would do with it. */
  change?: Change["what"];
};
