// What the pages of the crowd, payouts and fairness ask the server for.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { client } from "../api";
import { allPages } from "../paged";

type Schemas = components["schemas"];
export type Payout = Schemas["PayoutShown"];
export type PayoutStatus = Payout["status"];
export type Dispute = Schemas["DisputeShown"];
export type Review = Schemas["ReviewShown"];
export type Share = Schemas["ShareShown"];
export type CrowdPerson = Schemas["CrowdPersonShown"];
export type SkillClaim = Schemas["SkillClaimOut"];
export type RateCard = Schemas["RateCardOut"];
export type Onboarding = Schemas["OnboardingOut"];
export type Invitation = Schemas["InvitationIn"];
export type PayChange = Schemas["PayChangeShown"];
export type Suspension = Schemas["SuspensionOut"];
export type Appeal = Schemas["AppealOut"];

export async function fetchPayouts(status: PayoutStatus): Promise<Payout[]> {
  return (await body(client.GET("/api/payouts", { params: { query: { status, limit: 100 } } }))).items;
}

export async function fetchDisputes(): Promise<Dispute[]> {
  return (await body(client.GET("/api/disputes", { params: { query: { status: "open", limit: 100 } } }))).items;
}

/** Everybody of the territory; newest first. */
export const fetchCrowd = (territory_id: string): Promise<CrowdPerson[]> =>
  allPages((cursor) => body(client.GET("/api/crowd", { params: { query: { territory_id, ...cursor } } })));

export async function fetchInvitations(): Promise<Onboarding[]> {
  return (await body(client.GET("/api/onboardings", { params: { query: { status: "invited" } } }))).items;
}

export const fetchProviders = () => body(client.GET("/api/providers"));

export const withdraw = (onboarding_id: string, note: string) =>
  body(client.POST("/api/onboardings/{onboarding_id}/withdraw", { params: { path: { onboarding_id } }, body: { note } }));

export const invite = (wanted: Invitation) => body(client.POST("/api/onboardings", { body: wanted }));

export const letIn = (onboarding_id: string) =>
  body(client.POST("/api/onboardings/{onboarding_id}/approve", { params: { path: { onboarding_id } } }));

export const sendBack = (onboarding_id: string, note: string) =>
  body(client.POST("/api/onboardings/{onboarding_id}/send-back", { params: { path: { onboarding_id } }, body: { note } }));

export const verify = (credential_id: string) =>
  body(client.POST("/api/credentials/{credential_id}/verify", { params: { path: { credential_id } } }));

export async function fetchClaims(): Promise<SkillClaim[]> {
  return (await body(client.GET("/api/skill-claims", { params: { query: { status: "claimed" } } }))).items;
}

export const approveClaim = (claim_id: string) =>
  body(client.POST("/api/skill-claims/{claim_id}/approve", { params: { path: { claim_id } } }));

export const refuseClaim = (claim_id: string, note: string) =>
  body(client.POST("/api/skill-claims/{claim_id}/refuse", { params: { path: { claim_id } }, body: { note } }));

export async function fetchRates(): Promise<RateCard[]> {
  return (await body(client.GET("/api/rate-cards", { params: { query: { status: "proposed" } } }))).items;
}

export const approveRates = (card_id: string) =>
  body(client.POST("/api/rate-cards/{card_id}/approve", { params: { path: { card_id } } }));

export const refuseRates = (card_id: string, note: string) =>
  body(client.POST("/api/rate-cards/{card_id}/refuse", { params: { path: { card_id } }, body: { note } }));

const fetchPaper = async (document_id: string): Promise<Blob> =>
  (await body(client.GET("/api/documents/{document_id}/content", { params: { path: { document_id } }, parseAs: "blob" }))) as unknown as Blob;

export async function fetchPayChanges(): Promise<PayChange[]> {
  return (await body(client.GET("/api/pay-changes", { params: { query: { status: "asked", limit: 100 } } }))).items;
}

export const approvePayChange = (change_id: string) =>
  body(client.POST("/api/pay-changes/{change_id}/approve", { params: { path: { change_id } } }));

export const refusePayChange = (change_id: string, reason: string) =>
  body(client.POST("/api/pay-changes/{change_id}/refuse", { params: { path: { change_id } }, body: { reason } }));

export const startRun = () => body(client.POST("/api/payout-runs", {}));

export const approvePayout = (payout_id: string) =>
  body(client.POST("/api/payouts/{payout_id}/approve", { params: { path: { payout_id } } }));

export const doubtPayout = (payout_id: string, reason: string) => body(client.POST("/api/disputes", { body: { payout_id, reason } }));

export const settleDispute = (dispute_id: string, answer: string, change_cents: number) =>
  body(client.POST("/api/disputes/{dispute_id}/settle", { params: { path: { dispute_id } }, body: { answer, change_cents } }));

export const fetchReconciliation = () => body(client.GET("/api/reconciliation"));

export const fetchTaxExport = async (year: number): Promise<Blob> =>
  (await body(client.GET("/api/tax-export", { params: { query: { year } }, parseAs: "blob" }))) as unknown as Blob;

export const fetchStatement = async (payee_id: string, year: number, month: number, format: "pdf" | "csv"): Promise<Blob> =>
  (await body(client.GET("/api/payees/{payee_id}/statement", { params: { path: { payee_id }, query: { year, month, format } }, parseAs: "blob" }))) as unknown as Blob;

export async function fetchSuspensions(): Promise<Suspension[]> {
  return (await body(client.GET("/api/suspensions", { params: { query: { status: "in_force", limit: 200 } } }))).items;
}

export async function fetchAppeals(): Promise<Appeal[]> {
  return (await body(client.GET("/api/appeals", { params: { query: { status: "open", limit: 200 } } }))).items;
}

export const suspend = (technician_id: string, reason: string, ends_at: string | null) =>
  body(client.POST("/api/technicians/{technician_id}/suspensions", { params: { path: { technician_id } }, body: { reason, ends_at } }));

export const lift = (suspension_id: string, reason: string) =>
  body(client.POST("/api/suspensions/{suspension_id}/lift", { params: { path: { suspension_id } }, body: { reason } }));

export const decideAppeal = (appeal_id: string, granted: boolean, answer: string) =>
  body(client.POST("/api/appeals/{appeal_id}/decide", { params: { path: { appeal_id } }, body: { granted, answer } }));

export const fetchFairness = () => body(client.GET("/api/fairness"));

export const fetchFairnessCsv = async (): Promise<Blob> => (await body(client.GET("/api/fairness.csv", { parseAs: "blob" }))) as unknown as Blob;

export const fetchConsidered = (technician_id: string) =>
  body(client.GET("/api/fairness/{technician_id}/considerations", { params: { path: { technician_id }, query: { limit: 30 } } }));

export async function fetchReviews(): Promise<Review[]> {
  return (await body(client.GET("/api/reviews", { params: { query: { status: "open", limit: 100 } } }))).items;
}

export const answerReview = (review_id: string, granted: boolean, answer: string) =>
  body(client.POST("/api/reviews/{review_id}/answer", { params: { path: { review_id } }, body: { granted, answer } }));

export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export async function fetchPools() {
  return (await body(client.GET("/api/talent-pools"))).items;
}

export async function fetchStandBys(territory_id: string) {
  return (await body(client.GET("/api/stand-bys", { params: { query: { territory_id, limit: 20 } } }))).items;
}

export const offerStandBy = (wanted: Schemas["StandByIn"]) => body(client.POST("/api/stand-bys", { body: wanted }));

export const withdrawStandBy = (stand_by_id: string) =>
  body(client.POST("/api/stand-bys/{stand_by_id}/withdraw", { params: { path: { stand_by_id } } }));

export const noteGivenBack = (stand_by_id: string, reason: string) =>
  body(client.POST("/api/stand-bys/{stand_by_id}/back-out", { params: { path: { stand_by_id } }, body: { reason } }));

/** Opens a handed-in paper in a tab of its own. */
export async function openPaper(document_id: string): Promise<void> {
  const url = URL.createObjectURL(await fetchPaper(document_id));
  window.open(url, "_blank", "noopener");
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
