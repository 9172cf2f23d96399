// The console's live stream: what changed is fetched again, many changes at once.
import { type LiveEvent, type LiveState, openLive } from "@firstfix/shared/api/live";
import { useEffect, useState } from "react";
import { queries, session } from "./api";

const GATHER_MS = 250;

/** Which lists a fact may have changed, by the event's class. */
const TOUCHES: [RegExp, string][] = [
  [/Visit|WorkOrder|Slot|Booking|Assign|Offer|Technician|Plan|Pin|Part|Alert/, "board"],
  [/Visit|WorkOrder|Slot|Booking|Assign|Offer|Pin|Part|Presence/, "visit"],
  [/Plan/, "plan"],
  [/Message/, "messages"],
  [/Presence/, "presence"],
  [/Alert|RemoteCommand|CallNeeded|Escalation/, "alerts"],
  [/Alert|Incident/, "incidents"],
  [/Rule|Alert/, "rules"],
  [/Device|RemoteCommand/, "devices"],
  [/Part|Stock|Depot/, "stock"],
  [/CounterOffer|OfferAccepted|Confirmation|Freelancer|RunningLate|Assign|VisitMoved|StandBy/, "answers"],
  [/StandBy/, "stand_bys"],
];

export function keysTouched(event: Pick<LiveEvent, "name">): string[] {
  return TOUCHES.filter(([pattern]) => pattern.test(event.name)).map(([, key]) => key);
}

export function useLive(territoryId: string | null): LiveState {
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => {
    if (!territoryId) return;
    let waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      timer = undefined;
      for (const key of waiting) void queries.invalidateQueries({ queryKey: [key] });
      waiting = new Set();
    };
    const close = openLive({
      url: `/api/stream?territory_id=${territoryId}`,
      session,
      onState: setState,
      onResync: () => void queries.invalidateQueries(),
      onEvent: (event) => {
        for (const key of keysTouched(event)) waiting.add(key);
        timer ??= setTimeout(flush, GATHER_MS);
      },
    });
    return () => (clearTimeout(timer), close());
  }, [territoryId]);
  return state;
}
