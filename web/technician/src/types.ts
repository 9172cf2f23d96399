// The shapes of the technician's API.
export interface NextMove { to: string; needs_reason: boolean; is_correction: boolean }
export interface VisitSheet {
  id: string; version: number; status: string; next_moves: NextMove[];
  work_order_id: string; work_order_number: string; work_type: string; title: string; description: string;
  priority: number; source: string; assigned_by: string; starts_at: string; ends_at: string; travel_seconds: number;
  arrival_start: string | null; arrival_end: string | null; duration_minutes: number; p80_minutes: number; crew_size: number;
  skills: Record<string, unknown>[]; credentials: string[]; checklist: Record<string, unknown>[];
  parts: { number: string; name: string; quantity: number; status: string }[];
  contact: { name: string; phone: string | null };
  site: { id: string; name: string; address: string; latitude: number; longitude: number; time_zone: string; access_notes: string;
    access_notes_confidential: string | null; keys: { label: string; secret: string; valid_until: string }[] };
  asset: { id: string; name: string; model: string; serial: string; warranty_until: string | null } | null;
  at_risk: boolean; note: string; incomplete_reason: string | null;
}
export interface Day { day: string; time_zone: string; now: string; on_duty: boolean; visits: VisitSheet[] }
export interface OfferCard {
  id: string; visit_id: string; status: string; work_type: string; title: string; pay_cents: number; currency: string;
  pay_cents_per_hour: number; expected_minutes: number; p80_minutes: number; travel_seconds: number; starts_at: string; ends_at: string;
  expires_at: string; asked_count: number; wave: number; skills: Record<string, unknown>[]; credentials: string[];
  area_latitude: number; area_longitude: number;
}
export interface OfferAnswer { id: string; visit_id: string; status: string; assignment_id: string | null }
