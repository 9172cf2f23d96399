// What the manager of a provider asks of the server about the times of one's own people.
import { body } from "@firstfix/shared/api/client";
import type { components } from "@firstfix/shared/api/schema";
import { client } from "../api";

type Schemas = components["schemas"];
export type Shift = Schemas["ShiftOut"];
export type Absence = Schemas["AbsenceOut"];
export type ShiftIn = Pick<Schemas["ShiftIn"], "starts_at" | "ends_at" | "breaks">;
export type AbsenceIn = Schemas["AbsenceIn"];
export type Touched = Schemas["JobInAbsence"];

const person = (technician_id: string) => ({ path: { technician_id } });

export const fetchTimes = (id: string) => body(client.GET("/api/provider/people/{technician_id}/times", { params: person(id) }));

export const fetchTouched = (id: string, start: string, end: string) =>
  body(client.GET("/api/provider/people/{technician_id}/absence-effects", { params: { ...person(id), query: { start, end } } }));

/** A new shift, or another one in the place of one. */
export function saveShift(id: string, before: Shift | null, wanted: ShiftIn): Promise<Shift> {
  const shift = { overtime_minutes: 0, breaks: [], ...wanted };
  return before
    ? body(client.PUT("/api/provider/shifts/{shift_id}", { params: { path: { shift_id: before.id } }, body: shift }))
    : body(client.POST("/api/provider/people/{technician_id}/shifts", { params: person(id), body: shift }));
}

export const removeShift = (shift_id: string) => body(client.DELETE("/api/provider/shifts/{shift_id}", { params: { path: { shift_id } } }));

/** A new absence, or another one in the place of one. */
export function saveAbsence(id: string, before: Absence | null, wanted: AbsenceIn): Promise<Absence> {
  return before
    ? body(client.PUT("/api/provider/absences/{absence_id}", { params: { path: { absence_id: before.id } }, body: wanted }))
    : body(client.POST("/api/provider/people/{technician_id}/absences", { params: person(id), body: wanted }));
}

export const withdrawAbsence = (absence_id: string) =>
  body(client.DELETE("/api/provider/absences/{absence_id}", { params: { path: { absence_id } } }));
