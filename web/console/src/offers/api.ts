// What the pages about offers made by hand ask the server for.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { useQuery } from "@tanstack/react-query";
import { client, queries } from "../api";

type Schemas = components["schemas"];
export type Offer = Schemas["OfferShown"];
export type Pool = Schemas["PoolOut"];
export type Condition = Pool["rule"][number];
export type Members = Schemas["PoolMembersOut"];

/** The best, everybody, those named, or a talent pool by its id. */
export type Whom = { technician_ids: string[] } | { pool_id: string } | { market: true } | Record<string, never>;

export const useAsked = (visit_id: string) =>
  useQuery({
    queryKey: ["visit", "offers", visit_id],
    queryFn: async () => (await body(client.GET("/api/offers", { params: { query: { visit_id, limit: 50 } } }))).items,
  });

export const ask = (visit_id: string, whom: Whom, pay_cents: number | null) =>
  body(client.POST("/api/offers", { body: { visit_id, market: false, ...whom, ...(pay_cents === null ? {} : { pay_cents }) } }));

export const askForRoute = (visit_ids: string[], pool_id: string | null) => body(client.POST("/api/bundles", { body: { visit_ids, pool_id } }));

export const withdraw = (offer_id: string) => body(client.POST("/api/offers/{offer_id}/withdraw", { params: { path: { offer_id } } }));

export const refreshPools = (): void => void queries.invalidateQueries({ queryKey: ["crowd", "pools"] });

const pool = (pool_id: string) => ({ params: { path: { pool_id } } });

export const useMembers = (pool_id: string) =>
  useQuery({ queryKey: ["crowd", "pools", pool_id], queryFn: () => body(client.GET("/api/talent-pools/{pool_id}/members", pool(pool_id))) });

export type PoolDescribed = { name: string; description: string; rule: Condition[] };

/** `before` is what was looked at. */
export const describePool = (before: Pool | null, described: PoolDescribed) =>
  before
    ? body(
        client.PATCH("/api/talent-pools/{pool_id}", {
          params: { path: { pool_id: before.id }, header: { "if-match": `"${before.version}"` } },
          body: described,
        }),
      )
    : body(client.POST("/api/talent-pools", { body: described }));

export const dropPool = (pool_id: string) => body(client.DELETE("/api/talent-pools/{pool_id}", pool(pool_id)));

const member = (pool_id: string, technician_id: string) => ({ params: { path: { pool_id, technician_id } } });

export const nameMember = (pool_id: string, technician_id: string, kept_out: boolean) =>
  body(client.PUT("/api/talent-pools/{pool_id}/members/{technician_id}", { ...member(pool_id, technician_id), body: { kept_out } }));

export const forgetMember = (pool_id: string, technician_id: string) =>
  body(client.DELETE("/api/talent-pools/{pool_id}/members/{technician_id}", member(pool_id, technician_id)));
