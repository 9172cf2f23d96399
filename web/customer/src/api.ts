// What the customer pages ask of the server.
import { body, makeApi, makeQueryClient } from "@firstfix/shared/api/client";
import { deviceName } from "@firstfix/shared/api/session";
import { linkToken } from "./link";
import type { WorkRequest } from "./types";

export const { client, session } = makeApi("customer");
export const queries = makeQueryClient();

/** Drops what belongs to a person; what everybody sees stays, so that no page starts over. */
export function forgetPerson(): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "catalog" });
}

/** Drops a question that hangs and asks it anew. */
export async function askAgain(...queryKey: string[]): Promise<void> {
  await queries.cancelQueries({ queryKey });
  await queries.refetchQueries({ queryKey });
}

const signedAccess = session.access.bind(session);
session.access = async (force) => linkToken(session.principal !== null) ?? signedAccess(force);

const visit = (visit_id: string) => ({ params: { path: { visit_id } } });
const alert = (alert_id: string) => ({ params: { path: { alert_id } } });

export interface Span {
  start: string;
  end: string;
}

const wanted = ({ start, end }: Span) => ({ window_start: start, window_end: end });

export const fetchCatalog = () => body(client.GET("/api/customer/catalog"));
export const fetchMe = () => body(client.GET("/api/customer/me"));
export const fetchVisits = () => body(client.GET("/api/customer/visits"));
export const fetchCredits = () => body(client.GET("/api/customer/credits"));
export const fetchTrack = (id: string) => body(client.GET("/api/customer/visits/{visit_id}", visit(id)));

export const fetchWindows = (id: string, from: string | null, days: number) =>
  body(
    client.GET("/api/customer/visits/{visit_id}/windows", {
      params: { path: { visit_id: id }, query: { ...(from ? { from } : {}), days } },
    }),
  );

export const sendCode = (address: string, locale: string) =>
  body(client.POST("/api/auth/code", { body: { address, locale } }));

export const verifyCode = (address: string, code: string, name: string, locale: string) =>
  body(
    client.POST("/api/auth/code/verify", {
      body: { address, code, locale, device: deviceName(), ...(name ? { name } : {}) },
    }),
  );

export const requestWork = (request: WorkRequest) => body(client.POST("/api/customer/requests", { body: request }));

export const hold = (id: string, span: Span) =>
  body(client.POST("/api/customer/visits/{visit_id}/hold", { ...visit(id), body: wanted(span) }));

export const askForDate = (id: string, span: Span) =>
  body(client.POST("/api/customer/visits/{visit_id}/ask-for-date", { ...visit(id), body: wanted(span) }));

export const confirm = (id: string) => body(client.POST("/api/customer/visits/{visit_id}/confirm", visit(id)));

export const reschedule = (id: string, span: Span) =>
  body(client.POST("/api/customer/visits/{visit_id}/reschedule", { ...visit(id), body: wanted(span) }));

export const cancel = (id: string, reason: string) =>
  body(client.POST("/api/customer/visits/{visit_id}/cancel", { ...visit(id), body: { reason } }));

export interface Rating {
  csat: number;
  effort: number | null;
  solved_first_time: boolean;
  comment: string;
}

export const rate = (id: string, rating: Rating) =>
  body(client.POST("/api/customer/visits/{visit_id}/rate", { ...visit(id), body: rating }));

export const fetchAlert = (id: string) => body(client.GET("/api/customer/alerts/{alert_id}", alert(id)));

export const answerAlert = (id: string, choice: "remote_fix" | "slot" | "ignore", span?: Span) =>
  body(
    client.POST("/api/customer/alerts/{alert_id}/answer", {
      ...alert(id),
      body: { choice, ...(span ? wanted(span) : {}) },
    }),
  );
