/** What TensorBoard imports: `render()` puts the panel into the plugin's page. */
import { h, render as mount } from "preact";
import { App } from "./components/App";
import { listenToKeys } from "./components/keyboard";
import { start } from "./state/start";
import "./styles/index.css";

/** Called once by TensorBoard's plugin page. */
export async function render(): Promise<void> {
  if (import.meta.env.PROD) await addStylesheet();
  document.documentElement.lang = "en";
  document.title = "KD Projector";
  const root = document.createElement("div");
  root.id = "kd-projector";
  document.body.append(root);
  start();
  listenToKeys();
  mount(h(App, null), root);
}

/** The build puts all styles into one file beside this one (the dev server adds them by itself). */
function addStylesheet(): Promise<void> {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL(/* @vite-ignore */ "./index.css", import.meta.url).href;
  return new Promise((resolve) => {
    sheet.onload = () => resolve();
    // Without its styles the panel is ugly, but it works.
    sheet.onerror = () => resolve();
    document.head.append(sheet);
  });
}
