/** One heat map: a model's layers, from the first down to the last, against a teacher's from left to right. */

import { useRef, useState } from "preact/hooks";
import { rows } from "../state/grid";
import type { HeatMap } from "../state/heat_maps";
import { shortLayerNames } from "../state/layer_names";
import { stepText } from "../state/number_format";
import { rowNames } from "../state/rows";
import { HeatCell } from "./HeatCell";
import { type CellPlace, moved } from "./heat_keys";

interface Props {
  readonly map: HeatMap;
  readonly width: number;
  readonly height: number;
}

const PADDING = 20;
const HEAD = 44;
/** Of a letter in a layer's name, roughly. */
const CHARACTER = 6.6;
const LONGEST_NAME = 110;
const LONGEST_UPRIGHT = 84;
const CELL = { least: 18, most: 132 };

export function HeatMapPanel({ map, width, height }: Props) {
  const [active, setActive] = useState<CellPlace>({ line: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);
  const { row, teacher, teacherLayers, lines } = map;
  const ours = shortLayerNames(row.model.layers.map((layer) => layer.name));
  const theirs = shortLayerNames(teacherLayers);
  const size = layoutOf(map, [...ours.values()], [...theirs.values()], width, height);
  const last = { line: lines.length - 1, column: teacherLayers.length - 1 };
  const isActive = (line: number, column: number) =>
    line === Math.min(active.line, last.line) && column === Math.min(active.column, last.column);
  const onKeyDown = (event: KeyboardEvent, from: CellPlace) => {
    const to = moved(from, event.key, last, event.ctrlKey);
    if (to === null) return;
    event.preventDefault();
    setActive(to);
    table.current?.querySelector<HTMLElement>(`[data-line="${to.line}"][data-column="${to.column}"]`)?.focus();
  };
  return (
    <section
      class="heat-map"
      style={{ height: `${height}px` }}
      data-testid="heat-map"
      data-run={row.run}
      data-model={row.model.name}
    >
      <h2>{rowNames(rows.value).get(row.key)}</h2>
      <p class="muted heat-about">
        run {row.run}
        {row.run !== teacher.run && `, with ${teacher.model} of run ${teacher.run}`}, step{" "}
        {map.step === null ? "–" : stepText(map.step)}
      </p>
      <div class="heat-scroll">
        <table
          ref={table}
          class={size.isUpright ? "heat heat-upright" : "heat"}
          aria-label={`Layers of ${row.model.name} (${row.run}) against layers of ${teacher.model} (${teacher.run})`}
          style={{ "--cell": `${size.cell}px`, "--name": `${size.name}px`, "--head": `${size.head}px` }}
        >
          <thead>
            <tr>
              <td class="heat-corner">
                <span class="muted">
                  {teacher.model} →<br />
                  {row.model.name} ↓
                </span>
              </td>
              {teacherLayers.map((name) => (
                <th key={name} scope="col" title={name}>
                  <span>{theirs.get(name)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line, n) => (
              <tr key={line.layer}>
                <th scope="row" title={line.layer}>
                  {ours.get(line.layer)}
                </th>
                {line.values.map((value, column) => (
                  <HeatCell
                    key={teacherLayers[column]}
                    map={map}
                    line={n}
                    column={column}
                    value={value}
                    size={size.cell}
                    isActive={isActive(n, column)}
                    onKeyDown={onKeyDown}
                    onFocus={() => setActive({ line: n, column })}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Cells are as large as fits; names above that do not fit their column stand upright. */
function layoutOf(map: HeatMap, ours: readonly string[], theirs: readonly string[], width: number, height: number) {
  const widthOf = (names: readonly string[]) =>
    Math.min(LONGEST_NAME, 14 + CHARACTER * Math.max(0, ...names.map((name) => name.length)));
  const name = Math.max(72, widthOf(ours));
  const across = (width - 2 * PADDING - name) / Math.max(1, map.teacherLayers.length);
  const isUpright = Math.min(across, CELL.most) < widthOf(theirs) - 6;
  const head = isUpright ? Math.min(LONGEST_UPRIGHT, Math.max(40, widthOf(theirs))) : 40;
  const down = (height - PADDING - HEAD - 14 - head) / Math.max(1, map.lines.length);
  const cell = Math.floor(Math.max(CELL.least, Math.min(CELL.most, across, down)));
  return { cell, name, head, isUpright: isUpright || cell < widthOf(theirs) - 6 };
}
