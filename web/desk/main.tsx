/** The agents' page. */

import { render } from "preact";
import { desk, watchBrowser } from "./app";
import { dressPage } from "./browser";
import { startClock } from "./clock";
import { startRinging } from "./ring";
import "./style/desk.css";
import { Shell } from "./views/shell";

dressPage();
startClock();
startRinging();
watchBrowser();
void desk.session.load();
const root = document.getElementById("app");
if (root) render(<Shell />, root);
