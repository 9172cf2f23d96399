// Depots, and how many pieces of each part lie where.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useBoard } from "../state";
import type { Territory } from "../types";
import { useTexts } from "../words";
import { fetchDepots } from "./api";
import { Depots } from "./Depots";
import { Parts } from "./Parts";
import { placeKey } from "./places";

export type Places = readonly (readonly [key: string, name: string])[];

export function Stock({ territory }: { territory: Territory }) {
  const t = useTexts();
  const depots = useQuery({ queryKey: ["stock", "depots"], queryFn: fetchDepots });
  const board = useBoard(territory, null);
  const technicians = board.data?.technicians;
  const places: Places = useMemo(
    () => [
      ...(depots.data ?? []).map((one) => [placeKey({ depot_id: one.id }), one.name] as const),
      ...(technicians ?? []).map((one) => [placeKey({ technician_id: one.id }), t("stock.van", { name: one.name })] as const),
      ["", t("stock.nowhere")] as const,
    ],
    [depots.data, technicians, t],
  );
  return (
    <div className="page-columns">
      <Parts places={places} />
      <Depots depots={depots} territory={territory} />
    </div>
  );
}
