// The steps of a booking that there are for this person, and the head that counts them.
import { useTexts } from "../words";

export type Step = "what" | "who" | "where" | "when";

/** Whom we know already is not asked who they are. */
export function stepsOf(isKnown: boolean): Step[] {
  return isKnown ? ["what", "where", "when"] : ["what", "who", "where", "when"];
}

/** How the number of steps travels in the address of the page where the last one is taken. */
export function stepsNamed(count: string | null): Step[] {
  const found = [true, false].map(stepsOf).find((steps) => String(steps.length) === count);
  return found ?? [];
}

interface StepHeadProps {
  name: Step;
  /** Without any, only the question is shown. */
  steps: Step[];
  title?: string;
}

export function StepHead({ name, steps, title }: StepHeadProps) {
  const t = useTexts();
  const step = steps.indexOf(name) + 1;
  const heading = <h1>{title ?? t(`step.${name}`)}</h1>;
  if (step === 0) return heading;
  return (
    <header className="stack tight">
      <p className="soft small">{t("step", { step, steps: steps.length })}</p>
      <span className="progress" role="presentation">
        <span style={{ width: `${(step / steps.length) * 100}%` }} />
      </span>
      {heading}
    </header>
  );
}
