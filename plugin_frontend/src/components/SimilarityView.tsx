/** The Similarity view: for each model a heat map of its layers against a teacher's. */

import { infoOf } from "../state/chart";
import { allRows, rows } from "../state/grid";
import { commandFor } from "../state/measures_view";
import { isTeacher, type Row, rowNames } from "../state/rows";
import { comparedRows, heatMaps, pairMeasures, similarity } from "../state/similarity_view";
import { type TileShape, tiling } from "../state/tiling";
import { CellTip } from "./CellTip";
import { CommandToRun } from "./CommandToRun";
import { EmptyState } from "./EmptyState";
import { HeatMapPanel } from "./HeatMapPanel";
import { useSize } from "./use_size";

const SHAPE: TileShape = { leastWidth: 300, leastHeight: 310, mostHeight: 840, aspect: 1.15 };

export function SimilarityView() {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const count = heatMaps.value.reduce((sum, { maps }) => sum + Math.max(1, maps.length), 0);
  const { columns, ...tile } = tiling(count, width, height, SHAPE);
  return (
    <div ref={box} class="tiles-view" data-testid="similarity">
      {!allRows.value.some(isTeacher) && heatMaps.value.every(({ maps }) => maps.length === 0) ? (
        <NoTeacher />
      ) : comparedRows.value.length === 0 ? (
        <OnlyTeachers />
      ) : (
        width > 0 && (
          <div class="tiles" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
            {heatMaps.value.map(({ row, maps }) =>
              maps.length === 0 ? (
                <NotCompared key={row.key} row={row} height={tile.height} />
              ) : (
                maps.map((map) => <HeatMapPanel key={map.key} map={map} width={tile.width} height={tile.height} />)
              ),
            )}
          </div>
        )
      )}
      <CellTip />
    </div>
  );
}

function NotCompared({ row, height }: { row: Row; height: number }) {
  const hasTeacher = allRows.value.some((one) => one.run === row.run && isTeacher(one));
  const by = similarity.value === null ? "" : ` by ${infoOf(similarity.value).label}`;
  return (
    <section
      class="heat-map not-compared"
      style={{ height: `${height}px` }}
      data-testid="not-compared"
      data-run={row.run}
      data-model={row.model.name}
    >
      <h2>{rowNames(rows.value).get(row.key)}</h2>
      <p class="muted">
        {hasTeacher
          ? `Its layers have not been compared with its teacher's${by} yet. To compute it from what is logged:`
          : `Run ${row.run} watched no teacher. To compare its layers with the teacher's of another run with the same probe:`}
      </p>
      <CommandToRun command={commandFor(similarity.value === null ? pairMeasures.value : [similarity.value])} />
      <p class="muted">The heat map appears here by itself.</p>
    </section>
  );
}

function NoTeacher() {
  return (
    <EmptyState title="There is no teacher to compare with" testid="no-teacher">
      <p>
        Watch one beside the student: <code>kd.watch("teacher", teacher)</code>. Or log a teacher into another run of
        the same log directory, with the same probe, and compare afterwards:
      </p>
      <p>
        <CommandToRun command={commandFor(pairMeasures.value)} />
      </p>
    </EmptyState>
  );
}

function OnlyTeachers() {
  return (
    <EmptyState title="Only teachers are shown" testid="only-teachers">
      <p>Choose a student or a baseline under “Rows”: its layers are compared with the teacher's.</p>
    </EmptyState>
  );
}
