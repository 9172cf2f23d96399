// The typed client of one app: every path, parameter and shape comes from the generated schema.
import createClient from "openapi-fetch";
import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";
import type { paths } from "./schema";
import { Session } from "./session";
import { transport } from "./transport";

export function makeApi(app: string) {
  const session = new Session(app);
  const client = createClient<paths>({ baseUrl: location.origin, fetch: transport(session) });
  return { session, client };
}

/** The answer's body; failures were thrown by the transport already. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        networkMode: "always",
        retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status < 500),
      },
      mutations: { networkMode: "always" },
    },
  });
}
