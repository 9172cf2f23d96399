// A text that is to be taken along: shown, copied, or saved as a file.
import { Button } from "@firstfix/shared/ui/controls";
import { useTell } from "@firstfix/shared/ui/dialog";
import { useId } from "react";
import { useWatchTexts } from "./words";

export function Copied({ label, value, file }: { label: string; value: string; file?: string }) {
  const t = useWatchTexts();
  const tell = useTell();
  const id = useId();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    tell(t("copy.done"));
  };
  const save = (): void => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([value], { type: "text/plain" }));
    link.download = file ?? "";
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {value.includes("\n") ? (
        <textarea id={id} className="input" readOnly rows={6} value={value} onFocus={(event) => event.target.select()} />
      ) : (
        <input id={id} className="input" readOnly value={value} onFocus={(event) => event.target.select()} />
      )}
      <span className="row wrap">
        {/* Browsers lend the clipboard to secure pages only. */}
        {isSecureContext && <Button onClick={() => void copy()}>{t("copy")}</Button>}
        {file && <Button onClick={save}>{t("save_file")}</Button>}
      </span>
    </div>
  );
}
