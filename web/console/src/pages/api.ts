// What the pages beside the board ask the server for.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { client } from "../api";

type Schemas = components["schemas"];
export type Policy = Schemas["PolicyOut"];
export type Rules = Schemas["RulesOut"];
export type Backtest = Schemas["BacktestLine"];
export type Figure = Schemas["FigureOut"];
export type Rota = Schemas["RotaOut"];

const policy = (policy_id: string) => ({ params: { path: { policy_id } } });

export const createPolicy = (name: string, territory_id: string | null, note: string, rules: Rules) =>
  body(client.POST("/api/policies", { body: { name, territory_id, note, rules } }));

export const comparePolicy = (id: string) => body(client.GET("/api/policies/{policy_id}/difference", policy(id)));

export const activatePolicy = (id: string) => body(client.POST("/api/policies/{policy_id}/activate", policy(id)));

export const retirePolicy = (id: string) => body(client.POST("/api/policies/{policy_id}/retire", policy(id)));

export async function fetchBacktests(policy_id: string) {
  const { items } = await body(client.GET("/api/backtests", { params: { query: { policy_id, limit: 5 } } }));
  return items;
}

/** The days of a running backtest are counted from its details. */
export const fetchBacktest = (backtest_id: string) =>
  body(client.GET("/api/backtests/{backtest_id}", { params: { path: { backtest_id } } }));

export const requestBacktest = (policy_id: string, territory_id: string, from_day: string, to_day: string) =>
  body(client.POST("/api/backtests", { body: { policy_id, territory_id, from_day, to_day, iterations: 3000 } }));

export const fetchDurations = () => body(client.GET("/api/insights/durations"));

export const fetchArrivals = (territory_id: string) =>
  body(client.GET("/api/insights/arrivals", { params: { query: { territory_id } } }));

export const fetchRotas = (territory_id: string) => body(client.GET("/api/rotas", { params: { query: { territory_id } } }));

export const fetchDuties = (territory_id: string) => body(client.GET("/api/on-call", { params: { query: { territory_id } } }));

export const fetchOnCall = (territory_id: string) =>
  body(client.GET("/api/on-call/now", { params: { query: { territory_id } } }));

export const createRota = (name: string, territory_id: string, member_ids: string[], starts_on: string, weekday: number | null) =>
  body(client.POST("/api/rotas", { body: { name, territory_id, member_ids, starts_on, weekday, hand_over_minute: 480, accept_minutes: 10 } }));

/** In the order of their turns. */
export const setMembers = (rota_id: string, member_ids: string[]) =>
  body(client.PUT("/api/rotas/{rota_id}/members", { params: { path: { rota_id } }, body: { member_ids } }));

export const putOnDuty = (rota_id: string, technician_id: string, starts_at: string, ends_at: string, reason: string) =>
  body(client.POST("/api/rotas/{rota_id}/changes", { params: { path: { rota_id } }, body: { technician_id, starts_at, ends_at, reason } }));

export const planDay = (technician_id: string, day: string) =>
  body(client.POST("/api/plans/day", { body: { technician_id, day } }));
