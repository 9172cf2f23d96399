// "X is working on this": told while the panel is open.
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { fetchPresence, tellPresence } from "../api";

const EVERY_MS = 20_000;

export function usePresence(orderId: string): { account_id: string; name: string }[] {
  useEffect(() => {
    const tell = (): void => void tellPresence(orderId).catch(() => undefined);
    tell();
    const timer = setInterval(tell, EVERY_MS);
    return () => clearInterval(timer);
  }, [orderId]);
  const { data } = useQuery({ queryKey: ["presence", orderId], queryFn: () => fetchPresence(orderId), refetchInterval: EVERY_MS });
  return data ?? [];
}
