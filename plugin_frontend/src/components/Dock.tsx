/** Below the view: player and step slider; under the maps also the chart and its values, in the columns of the grid above. */

import { chosenView } from "../state/settings";
import { Chart } from "./Chart";
import { ChartHead } from "./ChartHead";
import { ChartValues } from "./ChartValues";
import { LogAxis } from "./LogAxis";
import { Player } from "./Player";
import { StepTrack } from "./StepTrack";

export function Dock() {
  if (chosenView.value !== "projector") return <SlimDock />;
  return (
    <section class="dock" aria-label="Training steps">
      <Player />
      <div class="dock-chart">
        <ChartHead />
        <Chart />
      </div>
      <ChartValues />
    </section>
  );
}

/** Views that have charts of their own need the steps only. */
function SlimDock() {
  return (
    <section class="dock dock-slim" aria-label="Training steps">
      <Player />
      <div class="dock-chart">
        <StepTrack testid="steps" draw={null} />
      </div>
      <div class="dock-axis">
        <LogAxis />
      </div>
    </section>
  );
}
