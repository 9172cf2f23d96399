// What the stock page asks the server for.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { client } from "../api";

type Schemas = components["schemas"];
export type Depot = Schemas["DepotOut"];
export type NewDepot = Schemas["DepotIn"];
export type Part = Schemas["PartWithStock"];

const MOST = 200;

export async function fetchDepots(): Promise<Depot[]> {
  const { items } = await body(client.GET("/api/depots", { params: { query: { limit: MOST } } }));
  return items;
}

export const createDepot = (depot: NewDepot) => body(client.POST("/api/depots", { body: depot }));

export const changeDepot = ({ id, version }: Depot, changes: Schemas["DepotPatch"]) =>
  body(client.PATCH("/api/depots/{depot_id}", { params: { path: { depot_id: id }, header: { "if-match": `"${version}"` } }, body: changes }));

export async function fetchParts(q: string): Promise<Part[]> {
  const { items } = await body(client.GET("/api/parts", { params: { query: { ...(q ? { q } : {}), limit: MOST } } }));
  return items;
}

export const createPart = (part: Schemas["PartIn"]) => body(client.POST("/api/parts", { body: part }));

/** A van, a depot, or, with neither, the store of no place. */
export interface Place {
  technician_id?: string;
  depot_id?: string;
}

const part = (part_id: string) => ({ params: { path: { part_id } } });

export const countStock = (id: string, place: Place, quantity: number) =>
  body(client.POST("/api/parts/{part_id}/stock", { ...part(id), body: { ...place, quantity } }));

export const takeDelivery = (id: string, place: Place, quantity: number) =>
  body(client.POST("/api/parts/{part_id}/arrivals", { ...part(id), body: { ...place, quantity } }));

export const transferStock = (id: string, from: Place, to: Place, quantity: number) =>
  body(
    client.POST("/api/parts/{part_id}/transfers", {
      ...part(id),
      body: {
        quantity,
        ...(from.technician_id ? { from_technician_id: from.technician_id } : {}),
        ...(from.depot_id ? { from_depot_id: from.depot_id } : {}),
        ...(to.technician_id ? { to_technician_id: to.technician_id } : {}),
        ...(to.depot_id ? { to_depot_id: to.depot_id } : {}),
      },
    }),
  );
