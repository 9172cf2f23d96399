// Step one: guided questions and the customer's own words.
import { Button, LongText, Notice } from "@firstfix/shared/ui/controls";
import { useWords } from "@firstfix/shared/i18n/words";
import { type FormEvent, useState } from "react";
import type { CatalogEntry, Question } from "../types";
import { type TextKey, useTexts } from "../words";
import type { Draft } from "./Booking";
import { type Step, StepHead } from "./steps";

interface WhatProps {
  entry: CatalogEntry;
  steps: Step[];
  questions: Question[];
  draft: Draft;
  onChange: (draft: Draft) => void;
  onDone: () => void;
}

export function WhatStep({ entry, steps, questions, draft, onChange, onDone }: WhatProps) {
  const t = useTexts();
  const [tried, setTried] = useState(false);
  const missing = questions.filter((one) => one.required && !draft.answers[one.id]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (missing.length === 0) onDone();
    else document.getElementById(`q-${missing[0]!.id}`)?.scrollIntoView({ block: "center" });
  };
  const answer = (id: string, value: string): void => onChange({ ...draft, answers: { ...draft.answers, [id]: value } });
  return (
    <form className="stack wide" onSubmit={send} noValidate>
      <StepHead name="what" steps={steps} title={entry.name} />
      {questions.map((question) => (
        <Ask
          key={question.id}
          question={question}
          value={draft.answers[question.id] ?? ""}
          isMissing={tried && missing.includes(question)}
          onAnswer={(value) => answer(question.id, value)}
        />
      ))}
      <LongText
        label={t("what.description")}
        hint={t("what.description.hint")}
        value={draft.description}
        onChange={(description) => onChange({ ...draft, description })}
      />
      <Notice tone="warn">{t("what.safety")}</Notice>
      <Button type="submit" kind="primary" size="big">
        {t("next")}
      </Button>
    </form>
  );
}

interface AskProps {
  question: Question;
  value: string;
  isMissing: boolean;
  onAnswer: (value: string) => void;
}

function Ask({ question, value, isMissing, onAnswer }: AskProps) {
  const t = useTexts();
  const w = useWords();
  return (
    <fieldset className="choices" id={`q-${question.id}`} aria-describedby={isMissing ? `q-${question.id}-missing` : undefined}>
      <legend>{question.text}</legend>
      {question.options.length === 0 ? (
        <input className="input" aria-label={question.text} value={value} onChange={(e) => onAnswer(e.target.value)} />
      ) : (
        question.options.map((option) => (
          <label key={option.value} className="choice">
            <input
              type="radio"
              name={question.id}
              value={option.value}
              checked={value === option.value}
              onChange={() => onAnswer(option.value)}
            />
            {option.label.startsWith("rate.") ? t(option.label as TextKey) : option.label}
          </label>
        ))
      )}
      {isMissing && (
        <span className="missing" id={`q-${question.id}-missing`} role="alert">
          {w("field.required")}
        </span>
      )}
    </fieldset>
  );
}
