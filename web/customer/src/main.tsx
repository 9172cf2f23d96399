// Starts the customer pages.
import { keepClock } from "@firstfix/shared/api/clock";
import { mount } from "@firstfix/shared/ui/app";
import { App } from "./App";
import { queries } from "./api";
import { takeLink } from "./link";
import "./customer.css";

takeLink();
/** Days and holds are counted in business time; a slow network must not keep the page away for long. */
const PATIENCE_MS = 1500;
const patience = new Promise((done) => setTimeout(done, PATIENCE_MS));
void Promise.race([keepClock(), patience]).then(() => mount(queries, <App />));
