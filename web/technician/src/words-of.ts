// Names of moves and actions as the technician reads them.
import type { Translate } from "@firstfix/shared/i18n/locale";
import { statusWord, type WordKey } from "@firstfix/shared/i18n/words";
import type { Command } from "./database";
import type { TextKey } from "./words";

const MOVES = new Set(["accepted", "en_route", "on_site", "in_progress", "paused", "completed", "incomplete"]);

export function moveWord(t: Translate<TextKey>, to: string, from?: string): string {
  if (to === "in_progress" && from === "paused") return t("move.in_progress.again");
  return MOVES.has(to) ? t(`move.${to}` as TextKey) : to;
}

/** A status as its technician reads it: what the office has sent is new to them. */
export function ownStatusWord(t: Translate<TextKey>, w: Translate<WordKey>, status: string): string {
  return status === "dispatched" ? t("status.new") : statusWord(w, status);
}

export function commandWord(t: Translate<TextKey>, w: Translate<WordKey>, command: Command): string {
  if (command.kind === "move") return moveWord(t, String(command.payload["to"]));
  if (command.kind === "duty") return command.payload["on_duty"] ? t("duty.go_on") : t("duty.go_off");
  if (command.kind === "back_out") return t("back_out");
  if (command.kind === "late") return t("late");
  if (command.kind === "confirmation") return t(command.payload["coming"] ? "confirm.yes" : "confirm.no");
  return statusWord(w, command.kind);
}
