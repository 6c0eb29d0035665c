/** Beside the About view: its parts, and all of it as a text to take along. */

import { about } from "../state/about";
import { aboutAsJson, aboutAsMarkdown } from "../state/about_text";
import { CopyButton } from "./CopyButton";

/** CSS pixels left free above a part. */
const ABOVE = 16;

/** Links with a hash would leave TensorBoard's page. */
function goTo(part: string): void {
  const found = [...document.querySelectorAll<HTMLElement>(".about-part")].find((one) => one.dataset.part === part);
  const page = found?.closest(".about");
  if (found === undefined || !page) return;
  // Not scrollIntoView: that would also push the bar out of the window.
  page.scrollTop += found.getBoundingClientRect().top - page.getBoundingClientRect().top - ABOVE;
}

export function AboutSide() {
  const known = about.value;
  if (known === null) return null;
  const parts = [
    ...known.runs.map((run) => ({ part: `run ${run.name}`, name: run.name })),
    ...(known.probe === null ? [] : [{ part: "probe", name: "Probe" }]),
    { part: "maps", name: "Maps" },
    { part: "versions", name: "Versions" },
  ];
  return (
    <nav class="about-side" aria-label="Parts of this page">
      <h2>On this page</h2>
      <ul>
        {parts.map(({ part, name }) => (
          <li key={part}>
            <button type="button" class="about-link" title={name} onClick={() => goTo(part)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
      <h2>For an appendix</h2>
      <p class="about-copies">
        <CopyButton text={() => aboutAsMarkdown(known)} testid="copy-markdown" class="plain-button">
          Copy as Markdown
        </CopyButton>
        <CopyButton text={() => aboutAsJson(known)} testid="copy-json" class="plain-button">
          Copy as JSON
        </CopyButton>
      </p>
    </nav>
  );
}
