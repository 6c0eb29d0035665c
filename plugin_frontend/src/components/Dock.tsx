/** Below the grid: player, chart with the step slider under it, and the values; in the columns of the grid above. */

import { Chart } from "./Chart";
import { ChartHead } from "./ChartHead";
import { ChartValues } from "./ChartValues";
import { Player } from "./Player";

export function Dock() {
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
