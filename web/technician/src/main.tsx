// Starts the technician's app and its service worker.
import { keepClock } from "@firstfix/shared/api/clock";
import { mount } from "@firstfix/shared/ui/app";
import { App } from "./App";
import { queries } from "./api";
import "./technician.css";

void keepClock();
if (import.meta.env.PROD && "serviceWorker" in navigator)
  void navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`);
void navigator.storage?.persist?.();
mount(queries, <App />);
