/** The Measures view: small charts, all read at one place. */

import { choices } from "../state/chart";
import { shownColumns } from "../state/grid";
import { charts } from "../state/measures_view";
import { measuresOver } from "../state/settings";
import type { SmallChart } from "../state/small_multiples";
import { type TileShape, tiling } from "../state/tiling";
import { CommandToRun } from "./CommandToRun";
import { EmptyState } from "./EmptyState";
import { MEASURE_COMMAND } from "./MissingMeasures";
import { SmallChartPanel } from "./SmallChartPanel";
import { useSize } from "./use_size";

const SHAPE: TileShape = { leastWidth: 210, leastHeight: 150, mostHeight: 560, aspect: 1.35 };

export function MeasuresView() {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const list = charts.value;
  const { columns, ...tile } = tiling(list.length, width, height, SHAPE);
  const head = headHeight(list, tile.width);
  return (
    <div ref={box} class="tiles-view" data-testid="measures">
      {list.length === 0 ? (
        <NoMeasures />
      ) : measuresOver.value === "depth" && shownColumns.value.length < 2 ? (
        <OneLayer />
      ) : (
        width > 0 && (
          <div class="tiles" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
            {list.map((chart) => (
              <SmallChartPanel key={chart.key} chart={chart} width={tile.width} height={tile.height} head={head} />
            ))}
          </div>
        )
      )}
    </div>
  );
}

const TITLE = 30;
const LINE = 16;
/** Of a letter under a title, roughly, and the room at its sides. */
const CHARACTER = 6.6;
const SIDES = 28;

/** The same for all charts, so that their lines compare: as high as the longest text under a title needs, two lines at most. */
function headHeight(list: readonly SmallChart[], width: number): number {
  const longest = Math.max(0, ...list.map((chart) => chart.subtitle.length));
  return TITLE + LINE * Math.min(2, Math.ceil((longest * CHARACTER) / (width - SIDES)));
}

function NoMeasures() {
  return (
    <EmptyState title="No measures are there for these rows" testid="no-measures">
      <p>The logger writes them at each step (unless told not to). To compute them from what is logged:</p>
      <p>
        <CommandToRun command={MEASURE_COMMAND} />
      </p>
      {choices.value.length > 0 && <p>Measures that are not of single layers show “Over steps”.</p>}
    </EmptyState>
  );
}

function OneLayer() {
  return (
    <EmptyState title="One layer has no depth to go through" testid="one-layer">
      <p>Show more layers under “Layers”, log more of them (kd.watch(…, layers=[…])), or look at it “Over steps”.</p>
    </EmptyState>
  );
}
