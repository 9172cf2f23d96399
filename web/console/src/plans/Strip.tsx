// Above the board: that it shows a draft, and the way back.
import { useWords } from "@firstfix/shared/i18n/words";
import { setQuery } from "@firstfix/shared/router";
import { Button } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useTexts } from "../words";
import type { Preview } from "./preview";
import { leavePlan } from "./state";
import { useTitle } from "./words";

interface StripProps {
  preview: Preview;
  isShown: boolean;
  /** The decision is open beside the board already. */
  isDeciding: boolean;
}

export function Strip({ preview, isShown, isDeciding }: StripProps) {
  const t = useTexts();
  const w = useWords();
  const title = useTitle();
  return (
    <div className="strip" role="status" data-deciding={isDeciding || undefined}>
      <span className="grow clip">
        <strong>{title(preview.plan)}</strong> <span className="soft">{t(isShown ? "preview.after.hint" : "preview.before.hint")}</span>
      </span>
      <BeforeAfter isShown={isShown} />
      <Button className="decide" onClick={() => setQuery({ panel: "plans", visit: null })}>{t("preview.decide")}</Button>
      <Button kind="quiet" size="icon" aria-label={w("do.close")} onClick={leavePlan}>
        <Icon name="close" />
      </Button>
    </div>
  );
}

function BeforeAfter({ isShown }: { isShown: boolean }) {
  const t = useTexts();
  return (
    <span className="segments" role="group" aria-label={t("preview")}>
      <Button aria-pressed={!isShown} onClick={() => setQuery({ show: "before" })}>{t("preview.before")}</Button>
      <Button aria-pressed={isShown} onClick={() => setQuery({ show: null })}>{t("preview.after")}</Button>
    </span>
  );
}
