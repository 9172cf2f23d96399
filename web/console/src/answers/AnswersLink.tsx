// Above the list of work: how many freelancers wait for the office, and the way to them.
import { setQuery } from "@firstfix/shared/router";
import { Button } from "@firstfix/shared/ui/controls";
import { Icon } from "@firstfix/shared/ui/icons";
import { useAnswers } from "./Answers";
import { countWaiting } from "./api";
import { useAnswerTexts } from "./words";

export function AnswersLink({ territoryId }: { territoryId: string }) {
  const t = useAnswerTexts();
  const { data } = useAnswers(territoryId);
  const count = data ? countWaiting(data) : 0;
  if (count === 0) return null;
  return (
    <Button className="answers-link" onClick={() => setQuery({ page: "answers", panel: null, visit: null })}>
      <Icon name="alert" size={18} />
      {t("link", { count })}
    </Button>
  );
}
