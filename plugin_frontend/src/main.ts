/** What TensorBoard imports: `render()` puts the panel into the plugin's page. */
import "./styles/index.css";

/** Called once by TensorBoard's plugin page. */
export function render(): void {
  // The build puts all styles into one file beside this one; the dev server adds them by itself.
  if (import.meta.env.PROD) {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = new URL(/* @vite-ignore */ "./index.css", import.meta.url).href;
    document.head.append(sheet);
  }
}
