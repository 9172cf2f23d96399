// Starts the customer pages.
import { keepClock } from "@firstfix/shared/api/clock";
import { mount } from "@firstfix/shared/ui/app";
import { App } from "./App";
import { queries } from "./api";
import { takeLink } from "./link";
import "./customer.css";

takeLink();
void keepClock();
mount(queries, <App />);
