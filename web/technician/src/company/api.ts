// What the manager of a provider asks of the server, about the provider's own people.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { client, queries } from "../api";

type Schemas = components["schemas"];
export type Person = Schemas["OwnPersonShown"];
export type Job = Schemas["OwnJobShown"];
export type Offer = Schemas["OwnOfferShown"];
export type Earnings = Schemas["CompanyEarnings"];

export const fetchPeople = () => body(client.GET("/api/provider/people"));
export const fetchJobs = () => body(client.GET("/api/provider/jobs"));
export const fetchOffers = () => body(client.GET("/api/provider/offers"));
export const fetchEarnings = () => body(client.GET("/api/provider/earnings"));

export const claimProof = (technician_id: string, wanted: Schemas["EmployeeCredentialIn"]) =>
  body(client.POST("/api/provider/people/{technician_id}/credentials", { params: { path: { technician_id } }, body: wanted }));

export const setBank = (holder: string, iban: string) => body(client.PUT("/api/provider/bank-details", { body: { holder, iban } }));

/** Says yes or no for whoever was asked; a bundle is answered as a whole. */
export function answer(offer: Offer, yes: boolean): Promise<unknown> {
  if (offer.bundle_id) {
    const params = { params: { path: { bundle_id: offer.bundle_id } } };
    return body(yes ? client.POST("/api/provider/bundles/{bundle_id}/accept", params) : client.POST("/api/provider/bundles/{bundle_id}/decline", { ...params, body: {} }));
  }
  const params = { params: { path: { offer_id: offer.id } } };
  return body(yes ? client.POST("/api/provider/offers/{offer_id}/accept", params) : client.POST("/api/provider/offers/{offer_id}/decline", { ...params, body: {} }));
}

export const refresh = (): void => void queries.invalidateQueries({ queryKey: ["company"] });
