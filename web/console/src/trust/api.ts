// What the pages about trust ask the server for: scores with their reasons, and how we do as the buyer.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { client } from "../api";
import { allPages } from "../paged";

type Schemas = components["schemas"];
export type Scored = Schemas["ScoreInList"];
export type Change = Schemas["ScoreChangeShown"];
export type Fact = Schemas["ScoreFactShown"];
export type Quality = Schemas["BuyerQualityShown"];

/** Everybody who is active; the lowest score first. */
export async function fetchScored(): Promise<Scored[]> {
  const found = await allPages((cursor) => body(client.GET("/api/scores", { params: { query: { limit: 200, ...cursor } } })));
  return found.sort((a, b) => a.points - b.points || a.name.localeCompare(b.name));
}

export const fetchScore = (technician_id: string) =>
  body(client.GET("/api/scores/{technician_id}", { params: { path: { technician_id } } }));

export const fetchQuality = () => body(client.GET("/api/buyer-quality"));
