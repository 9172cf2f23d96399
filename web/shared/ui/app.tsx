// What surrounds every app: language, data, toasts, styles.
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LocaleProvider } from "../i18n/locale";
import { ToastProvider } from "./dialog";
import "../styles/tokens.css";
import "../styles/base.css";

export function mount(queries: QueryClient, app: ReactNode): void {
  createRoot(document.getElementById("app")!).render(
    <StrictMode>
      <LocaleProvider>
        <QueryClientProvider client={queries}>
          <ToastProvider>{app}</ToastProvider>
        </QueryClientProvider>
      </LocaleProvider>
    </StrictMode>,
  );
}
