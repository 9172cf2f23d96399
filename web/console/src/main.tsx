// Starts the dispatcher's console.
import { keepClock } from "@firstfix/shared/api/clock";
import { mount } from "@firstfix/shared/ui/app";
import { App } from "./App";
import { queries } from "./api";
import "./console.css";

void keepClock().then(() => mount(queries, <App />));
