/** The Measures view: small charts, all read at one place. */

import { choices, infoOf } from "../state/chart";
import { shownColumns } from "../state/grid";
import { charts, commandFor, computable } from "../state/measures_view";
import { measuresOver } from "../state/settings";
import type { SmallChart } from "../state/small_multiples";
import { type TileShape, tiling } from "../state/tiling";
import { CommandToRun } from "./CommandToRun";
import { EmptyState } from "./EmptyState";
import { SmallChartPanel } from "./SmallChartPanel";
import { useSize } from "./use_size";

const SHAPE: TileShape = { leastWidth: 210, leastHeight: 150, mostHeight: 560, aspect: 1.35 };

export function MeasuresView() {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const { columns, ...tile } = tiling(charts.value.length, width, height, SHAPE);
  const list = fitted(charts.value, tile.width);
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

const PADDING = 14;
const LINE = 16;
const MOST_LINES = 3;
/** Of a letter in a title and under it, roughly, and the room at its sides. */
const LETTER = { title: 7.4, subtitle: 6.4 };
const SIDES = 26;

/** The same for all charts, so that their lines compare: as high as the one with most text needs. */
function headHeight(list: readonly SmallChart[], width: number): number {
  const linesOf = (text: string, letter: number) => Math.min(2, Math.ceil((text.length * letter) / (width - SIDES)));
  const lines = list.map(({ title, subtitle }) => linesOf(title, LETTER.title) + linesOf(subtitle, LETTER.subtitle));
  return PADDING + LINE * Math.min(MOST_LINES, Math.max(1, ...lines));
}

/** With little room only the first clause of a measure's direction shows under its title. */
const ROOM_FOR_CLAUSES = 250;

function fitted(list: readonly SmallChart[], width: number): readonly SmallChart[] {
  if (width >= ROOM_FOR_CLAUSES) return list;
  return list.map((chart) => {
    const [first, ...others] = chart.subtitle.split(";");
    return first === undefined || others.length === 0 ? chart : { ...chart, subtitle: `${first}.` };
  });
}

function NoMeasures() {
  const ofLayers = computable.value.filter((name) => infoOf(name).scope === "layer");
  return (
    <EmptyState title="No measures are there for these rows" testid="no-measures">
      <p>The logger writes them at each step (unless told not to). To compute them from what is logged:</p>
      <p>
        <CommandToRun command={commandFor(measuresOver.value === "depth" ? ofLayers : [])} />
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
