// Assigning by drop: at once when nothing speaks against it, with undo; otherwise the dialog tells why.
import { isProblem } from "@firstfix/shared/api/problem";
import { failureWords, useWords } from "@firstfix/shared/i18n/words";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useCallback } from "react";
import { assign, checkAssignment, refreshBoard, unassign } from "./api";
import type { BoardTechnician, BoardVisit } from "./types";
import { useTexts } from "./words";

export interface Assigning {
  /** False when a person must decide; nothing was changed then. */
  tryAssign: (visit: BoardVisit, technician: BoardTechnician, startsAt: string) => Promise<boolean>;
}

export function useAssigning(): Assigning {
  const t = useTexts();
  const w = useWords();
  const tell = useTell();
  const tryAssign = useCallback<Assigning["tryAssign"]>(
    async (visit, technician, startsAt) => {
      if (visit.crew_size > 1) return false;
      const before = visit.seats[0];
      try {
        const check = await checkAssignment(visit.id, technician.id, startsAt);
        if (check.violations.length > 0) return false;
        await assign(visit, { technicianIds: [technician.id], startsAt });
      } catch (error) {
        if (isProblem(error) && error.status === 409 && "violations" in error.facts) return false;
        tell(failureWords(w, error));
        refreshBoard();
        return true;
      }
      const undo = async (): Promise<void> => {
        if (before) await assign(visit, { technicianIds: [before.technician_id], startsAt: before.starts_at, acceptViolations: true });
        else await unassign(visit.id, t("do.undo"));
        refreshBoard();
      };
      tell(t("done.assigned", { name: technician.name }), {
        words: t("do.undo"),
        act: () => void undo().catch((error: unknown) => tell(failureWords(w, error))),
      });
      refreshBoard();
      return true;
    },
    [t, w, tell],
  );
  return { tryAssign };
}
