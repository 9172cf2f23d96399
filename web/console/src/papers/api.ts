// What the pages about papers ask the server for: kinds of credentials, and revoking one.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { useQuery } from "@tanstack/react-query";
import { client, queries } from "../api";

type Schemas = components["schemas"];
export type Kind = Schemas["CredentialKindOut"];
export type Employment = Kind["required_of"][number];

/** Whom a credential may bar and whether terms are agreed to shows on the page of freelancers, too. */
export const refreshPapers = (): void => void queries.invalidateQueries({ queryKey: ["crowd"] });

export const useKinds = () => useQuery({ queryKey: ["crowd", "kinds"], queryFn: () => body(client.GET("/api/credential-kinds")), staleTime: 60_000 });

/** What people call a kind; the kind itself where nobody has described it. */
export function useKindName(): (kind: string) => string {
  const { data } = useKinds();
  return (kind) => data?.find((one) => one.kind === kind)?.name ?? kind.replaceAll("_", " ");
}

/** `before` is what was looked at; a new kind is refused where somebody made it meanwhile. */
export const describeKind = (kind: string, before: Kind | null, described: Omit<Kind, "kind" | "version">) =>
  body(client.PUT("/api/credential-kinds/{kind}", { params: { path: { kind }, header: { "If-Match": `"${before?.version ?? 0}"` } }, body: described }));

export const revoke = (credential_id: string, reason: string) =>
  body(client.POST("/api/credentials/{credential_id}/revoke", { params: { path: { credential_id } }, body: { reason } }));
