/** The About view: what the runs were logged with, the probe, how the maps are made, and the versions of all that had a part. */

import { about } from "../state/about";
import { AboutMaps } from "./AboutMaps";
import { AboutProbe } from "./AboutProbe";
import { AboutRun } from "./AboutRun";
import { FactList } from "./FactList";

export function AboutView() {
  const known = about.value;
  if (known === null) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be reached by the keyboard
    <section class="about" aria-label="About this run" tabIndex={0} data-testid="about">
      <div class="about-text">
        {known.runs.map((run) => (
          <AboutRun key={run.name} run={run} />
        ))}
        {known.probe !== null && <AboutProbe probe={known.probe} />}
        <AboutMaps maps={known.maps} methods={known.methods} />
        <article class="about-part" data-part="versions">
          <h2>Versions</h2>
          <FactList facts={known.versions} testid="version" />
        </article>
      </div>
    </section>
  );
}
