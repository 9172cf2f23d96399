// How long there is to answer.
import { Countdown } from "@firstfix/shared/ui/countdown";
import { useTexts } from "./words";

export function Expiry({ at }: { at: string }) {
  const t = useTexts();
  const [before, after] = t("offer.expires", { left: "\u0000" }).split("\u0000");
  return (
    <>
      {before}
      <Countdown until={at} />
      {after}
    </>
  );
}
