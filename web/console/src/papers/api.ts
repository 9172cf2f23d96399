// What the pages about papers ask the server for: kinds of credentials, and revoking one.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { useQuery } from "@tanstack/react-query";
import { client, queries } from "../api";
import { allPages } from "../paged";

type Schemas = components["schemas"];
export type Kind = Schemas["CredentialKindOut"];
export type Proof = Schemas["CredentialOut"];
export type Employment = Kind["required_of"][number];

/** Whom a credential may bar and whether terms are agreed to shows on the page of freelancers, too. */
export const refreshPapers = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

const fetchKinds = () => body(client.GET("/api/credential-kinds"));

export const useKinds = () => useQuery({ queryKey: ["crowd", "kinds"], queryFn: fetchKinds, staleTime: 60_000 });

/** Kinds, `[kind, name]`, that somebody described or some work asks for. */
export async function fetchChoices(): Promise<[string, string][]> {
  const [kinds, { credentials }] = await Promise.all([fetchKinds(), body(client.GET("/api/qualifications"))]);
  return [...new Map([...credentials.map((kind) => [kind, kind] as const), ...kinds.map((one) => [one.kind, one.name] as const)])];
}

/** What people call a kind; the kind itself where nobody has described it. */
export function useKindName(): (kind: string) => string {
  const { data } = useKinds();
  return (kind) => data?.find((one) => one.kind === kind)?.name ?? kind.replaceAll("_", " ");
}

/** `before` is what was looked at; a new kind is refused where somebody made it meanwhile. */
export const describeKind = (kind: string, before: Kind | null, described: Omit<Kind, "kind" | "version">) =>
  body(client.PUT("/api/credential-kinds/{kind}", { params: { path: { kind }, header: { "If-Match": `"${before?.version ?? 0}"` } }, body: described }));

/** Everybody of the territory who works, by name. */
export async function fetchPeople(territory_id: string): Promise<{ id: string; name: string }[]> {
  const found = await allPages((cursor) => body(client.GET("/api/technicians", { params: { query: { territory_id, limit: 200, ...cursor } } })));
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

const technician = (technician_id: string) => ({ params: { path: { technician_id } } });

export const fetchProofs = (id: string) => body(client.GET("/api/technicians/{technician_id}/credentials", technician(id)));

export const addProof = (id: string, kind: string, expires_at: string | null) =>
  body(client.POST("/api/technicians/{technician_id}/credentials", { ...technician(id), body: { kind, expires_at } }));

export const revoke = (credential_id: string, reason: string) =>
  body(client.POST("/api/credentials/{credential_id}/revoke", { params: { path: { credential_id } }, body: { reason } }));
