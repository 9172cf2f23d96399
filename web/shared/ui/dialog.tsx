// Modal dialogs, menus and toasts on the platform's own elements.
import {
  createContext,
  type FormEvent,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { failureWords, useWords } from "../i18n/words";
import { Button, Failure, type Tone } from "./controls";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={ref} className="dialog" aria-labelledby={id} onCancel={(e) => (e.preventDefault(), onClose())}>
      <div className="dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

interface FormDialogProps extends DialogProps {
  submit: string;
  tone?: "primary" | "danger";
  disabled?: boolean;
  /** Closes the dialog when it succeeds; a failure is told inside it. */
  onSubmit: () => Promise<unknown>;
}

export function FormDialog({ title, submit, tone = "primary", disabled, onClose, onSubmit, children }: FormDialogProps) {
  const t = useWords();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await onSubmit();
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void send(event)}>
        {children}
        <Failure error={error} />
        <div className="actions">
          <Button onClick={onClose}>{t("do.cancel")}</Button>
          <Button type="submit" kind={tone} busy={busy} disabled={disabled}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export interface MenuItem {
  key: string;
  words: string;
  tone?: Tone;
  act: () => void;
}

export function Menu({ label, items, children }: { label: string; items: MenuItem[]; children?: ReactNode }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLSpanElement>(null);
  const place = (): void => {
    const at = button.current?.getBoundingClientRect();
    if (!at || !list.current) return;
    list.current.style.top = `${Math.min(at.bottom + 4, innerHeight - list.current.offsetHeight - 8)}px`;
    list.current.style.left = `${Math.max(8, Math.min(at.left, innerWidth - list.current.offsetWidth - 8))}px`;
  };
  const step = (by: number): void => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const next = buttons.indexOf(document.activeElement as HTMLButtonElement) + by;
    buttons[(next + buttons.length) % buttons.length]?.focus();
  };
  return (
    <span className="menu" ref={button}>
      <Button
        popoverTarget={id}
        size={children ? "icon" : "usual"}
        kind={children ? "quiet" : "plain"}
        aria-label={children ? label : undefined}
        aria-haspopup="menu"
      >
        {children ?? label}
      </Button>
      <div
        id={id}
        ref={list}
        popover="auto"
        role="menu"
        className="menu-list"
        onToggle={(event) => event.newState === "open" && (place(), list.current?.querySelector("button")?.focus())}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") step(1);
          else if (event.key === "ArrowUp") step(-1);
          else return;
          event.preventDefault();
        }}
      >
        {items.map((item) => (
          <button
            key={item.key}
            type="button"
            role="menuitem"
            data-tone={item.tone}
            onClick={() => (list.current?.hidePopover(), item.act())}
          >
            {item.words}
          </button>
        ))}
      </div>
    </span>
  );
}

interface Toast {
  id: number;
  words: string;
  undo?: { words: string; act: () => void } | undefined;
}

type Tell = (words: string, undo?: Toast["undo"]) => void;

const ToastContext = createContext<Tell>(() => {});

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const last = useRef(0);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((one) => one.id !== id)), []);
  const tell = useCallback<Tell>(
    (words, undo) => {
      const id = ++last.current;
      setToasts((all) => [...all.slice(-2), { id, words, undo }]);
      setTimeout(() => drop(id), undo ? 9000 : 5000);
    },
    [drop],
  );
  return (
    <ToastContext value={tell}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {useMemo(
          () =>
            toasts.map(({ id, words, undo }) => (
              <div key={id} className="toast">
                <span>{words}</span>
                {undo && <Button onClick={() => (drop(id), undo.act())}>{undo.words}</Button>}
              </div>
            )),
          [toasts, drop],
        )}
      </div>
    </ToastContext>
  );
}

export function useTell(): Tell {
  return useContext(ToastContext);
}

interface Doing {
  busy: boolean;
  /** Does it at once, says that it is done or why not, and refreshes in either case. */
  act: <Result>(work: () => Promise<Result>, done: string | ((result: Result) => string)) => void;
}

export function useDo(refresh: () => void): Doing {
  const w = useWords();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const act: Doing["act"] = (work, done) => {
    setBusy(true);
    work()
      .then((result) => tell(typeof done === "string" ? done : done(result)))
      .catch((error: unknown) => tell(failureWords(w, error)))
      .finally(() => (setBusy(false), refresh()));
  };
  return { busy, act };
}
