// What the pages about money ask the server for.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { useQuery } from "@tanstack/react-query";
import { client, queries } from "../api";

type Schemas = components["schemas"];
export type Payee = Schemas["PayeeShown"];
export type Balance = Schemas["BalanceShown"];
export type Entry = Schemas["EntryShown"];
export type Account = Schemas["BalanceShown"]["account"];
export type Transfer = Schemas["TransferShown"];
export type TransferStatus = Transfer["status"];

/** What the movements shown have in common; empty: any. */
export interface Sought {
  account: Account | "";
  holder_id: string;
  work_order: string;
  subject_id: string;
}

export const refreshMoney = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

export const usePayees = () =>
  useQuery({ queryKey: ["crowd", "payees"], queryFn: () => body(client.GET("/api/payees")), staleTime: 60_000 });

export function useNames(): (id: string) => string {
  const { data } = usePayees();
  return (id) => data?.find((one) => one.id === id)?.name ?? "…";
}

export const fetchBalances = (holder_id: string) =>
  body(client.GET("/api/ledger/balances", { params: { query: holder_id ? { holder_id } : {} } }));

export const fetchEntries = (sought: Sought, cursor: string) =>
  body(client.GET("/api/ledger/entries", { params: { query: { ...given(sought), limit: 25, ...(cursor ? { cursor } : {}) } } }));

export const fetchTransfers = (status: TransferStatus | "", cursor: string) =>
  body(client.GET("/api/transfers", { params: { query: { ...given({ status }), limit: 20, ...(cursor ? { cursor } : {}) } } }));

export const takeReturned = (transfer_id: string, reason: string) =>
  body(client.POST("/api/transfers/{transfer_id}/returned", { params: { path: { transfer_id } }, body: { reason } }));

export const setBankDetails = (payee_id: string, holder: string, iban: string) =>
  body(client.PUT("/api/payees/{payee_id}/bank-details", { params: { path: { payee_id } }, body: { holder, iban } }));

/** Without what is empty. */
function given<T extends object>(wanted: T): { [K in keyof T]?: Exclude<T[K], ""> } {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== "")) as never;
}
