/** Beside the heat maps: what the colours, the ring and a click mean. */

import { infoOf } from "../state/chart";
import { areaScale, cssColor } from "../state/colors";
import { commandFor } from "../state/measures_view";
import { valueText } from "../state/number_format";
import { domain, heatMaps, missingSimilarities, similarity } from "../state/similarity_view";
import { CommandToRun } from "./CommandToRun";
import { labelsOf } from "./MissingMeasures";

const STOPS = 9;

export function HeatLegend() {
  const name = similarity.value;
  if (name === null || heatMaps.value.every(({ maps }) => maps.length === 0)) return null;
  const [low, high] = domain.value;
  const [least, most] = infoOf(name).low_is_alike ? [high, low] : [low, high];
  const colors = areaScale.value;
  const stops = Array.from({ length: STOPS }, (_, i) =>
    cssColor(colors[Math.round((i / (STOPS - 1)) * (colors.length - 1))]),
  );
  return (
    <section class="heat-legend" aria-label="Legend" data-testid="heat-legend">
      <h2>{infoOf(name).label}</h2>
      <div class="ramp" data-testid="ramp">
        <div class="ramp-bar" style={{ background: `linear-gradient(to right, ${stops.join(", ")})` }} />
        <div class="ramp-ends">
          <span>{endText(least)}</span>
          <span>{endText((least + most) / 2)}</span>
          <span>{endText(most)}</span>
        </div>
        <div class="ramp-ends muted">
          <span>less alike</span>
          <span>more alike</span>
        </div>
      </div>
      <p class="muted legend-note">One scale for all models and steps.</p>
      <p class="muted legend-note heat-key">
        <span class="heat-ring" /> The teacher's layer that this layer is most alike
      </p>
      <p class="muted legend-note">
        Where layers keep in step with the teacher's, the rings lie on the diagonal. A click on a cell opens both maps.
      </p>
      <MissingSimilarities />
    </section>
  );
}

function MissingSimilarities() {
  const names = missingSimilarities.value;
  if (names.length === 0) return null;
  return (
    <div class="heat-missing" data-testid="missing-similarities">
      <p class="muted legend-note">
        <b>Not computed yet</b> {labelsOf(names)}. To compute from what is logged:
      </p>
      <CommandToRun command={commandFor(names)} />
    </div>
  );
}

const endText = (value: number) => (Number.isInteger(value) ? String(value) : valueText(value).replace(/0+$/, ""));
