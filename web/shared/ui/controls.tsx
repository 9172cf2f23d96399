// Buttons, fields, badges and notices: the small pieces every page is made of.
import { type ButtonHTMLAttributes, type InputHTMLAttributes, type ReactNode, useEffect, useId, useState } from "react";
import { failureWords, useWords } from "../i18n/words";
import { LOCALES, useLocale } from "../i18n/locale";

export type Tone = "neutral" | "accent" | "ok" | "warn" | "danger" | "move";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "plain" | "primary" | "danger" | "quiet";
  size?: "usual" | "big" | "icon";
  busy?: boolean;
}

export function Button({ kind = "plain", size = "usual", busy = false, className = "", ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy}
      className={`button ${kind} ${size} ${className}`}
    />
  );
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: ReactNode;
  hint?: ReactNode;
  problem?: ReactNode;
}

export function Field({ label, hint, problem, ...input }: FieldProps) {
  const id = useId();
  const told = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ") || undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input" aria-invalid={!!problem} aria-describedby={told} {...input} />
      {hint && <span id={`${id}-hint`} className="hint">{hint}</span>}
      {problem && <span id={`${id}-problem`} className="problem">{problem}</span>}
    </div>
  );
}

interface ChoiceProps {
  label: ReactNode;
  value: string;
  onChange: (value: string) => void;
  options: readonly (readonly [value: string, words: string])[];
  required?: boolean;
}

export function Choice({ label, value, onChange, options, required }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} required={required} onChange={(e) => onChange(e.target.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextProps {
  label: ReactNode;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  required?: boolean;
  rows?: number;
}

export function LongText({ label, value, onChange, hint, required, rows = 3 }: TextProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="input"
        rows={rows}
        value={value}
        required={required}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && <span className="hint">{hint}</span>}
    </div>
  );
}

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}

export function Notice({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role={tone === "danger" ? "alert" : "status"}>
      <div className="grow stack tight">{children}</div>
    </div>
  );
}

/** A failure in words, with the way on. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useWords();
  if (!error) return null;
  return (
    <Notice tone="danger">
      <p>{failureWords(t, error)}</p>
      {onRetry && (
        <div>
          <Button onClick={onRetry}>{t("do.retry")}</Button>
        </div>
      )}
    </Notice>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export function Skeleton({ lines = 3 }: { lines?: number }) {
  const t = useWords();
  return (
    <div className="stack" role="status" aria-label={t("loading")}>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className="skeleton" style={{ width: `${92 - ((i * 23) % 45)}%` }} />
      ))}
    </div>
  );
}

const SLOW_AFTER_MS = 4000;

/** A skeleton that owns up when the answer is slow to come. */
export function Waiting({ lines, onRetry }: { lines?: number; onRetry: () => void }) {
  const t = useWords();
  const [tries, setTries] = useState(0);
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [tries]);
  const again = (): void => {
    setSlow(false);
    setTries(tries + 1);
    onRetry();
  };
  return (
    <div className="stack">
      <Skeleton {...(lines ? { lines } : {})} />
      {isSlow && (
        <Notice tone="warn">
          <p>{t("loading.slow")}</p>
          <div>
            <Button onClick={again}>{t("do.retry")}</Button>
          </div>
        </Notice>
      )}
    </div>
  );
}

export function LanguageChoice() {
  const { language, setLocale } = useLocale();
  const t = useWords();
  return (
    <div className="segments" role="group" aria-label={t("app.language")}>
      {LOCALES.map((one) => (
        <Button key={one} aria-pressed={one === language} lang={one} onClick={() => setLocale(one)}>
          {one.toUpperCase()}
        </Button>
      ))}
    </div>
  );
}

const STATUS_TONES: Record<string, Tone> = {
  unscheduled: "warn",
  scheduled: "accent",
  dispatched: "accent",
  accepted: "accent",
  en_route: "move",
  on_site: "ok",
  in_progress: "ok",
  paused: "warn",
  completed: "neutral",
  incomplete: "danger",
  cancelled: "neutral",
};

export function statusTone(status: string): Tone {
  return STATUS_TONES[status] ?? "neutral";
}
