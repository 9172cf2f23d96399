// What the pages about terms ask the server for: the terms that freelancers agree to, and the rules of pay and of trust.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { client, queries } from "../api";

type Schemas = components["schemas"];
export type Terms = Schemas["TermsOut"];
export type PayTerms = Schemas["PayTermsShown"];
export type TrustTerms = Schemas["TrustTermsTold"];
export type Step = Schemas["Step"];

/** Who lacks the terms shows on the page of freelancers, too. */
export const refreshTerms = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

/** Newest first. */
export const fetchTerms = () => body(client.GET("/api/terms"));

/** `after` is the newest version that was read: nobody publishes over one that was not. */
export const publishTerms = (after: number, wanted: Schemas["TermsIn"]) =>
  body(client.POST("/api/terms", { params: { header: { "If-Match": `"${after}"` } }, body: wanted }));

export const fetchPayTerms = () => body(client.GET("/api/pay-terms"));

export const setPayTerms = (wanted: Schemas["PayTermsIn"]) => body(client.POST("/api/pay-terms", { body: wanted }));

export const fetchTrustTerms = () => body(client.GET("/api/trust-terms"));

export const setTrustTerms = (wanted: Schemas["TrustTermsIn"]) => body(client.POST("/api/trust-terms", { body: wanted }));
