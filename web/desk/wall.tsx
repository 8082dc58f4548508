/** The supervisor's page. */

import { render } from "preact";
import { desk } from "./app";
import { dressPage } from "./browser";
import { startClock } from "./clock";
import "./style/wall.css";
import { WallShell } from "./wall/shell";

dressPage();
startClock();
void desk.session.load();
const root = document.getElementById("app");
if (root) render(<WallShell />, root);
