/** Beside the cell under the pointer or in focus: its value in full, the other models' for the same two layers, and what a click does. */

import { infoOf } from "../state/chart";
import { rows } from "../state/grid";
import { valueText } from "../state/number_format";
import { rowNames } from "../state/rows";
import { heatMaps, pointedCell, similarity } from "../state/similarity_view";

export function CellTip() {
  const cell = pointedCell.value;
  const name = similarity.value;
  const maps = heatMaps.value.flatMap((one) => one.maps);
  const map = maps.find((one) => one.key === cell?.map);
  const line = map?.lines[cell?.line ?? -1];
  const theirs = map?.teacherLayers[cell?.column ?? -1];
  if (cell === null || name === null || map === undefined || line === undefined || theirs === undefined) return null;
  const names = rowNames(rows.value);
  const readings = maps.flatMap((one) => {
    const other = one.lines.find((candidate) => candidate.layer === line.layer);
    const column = one.teacherLayers.indexOf(theirs);
    return other === undefined || column < 0 ? [] : [{ one, value: other.values[column] ?? null }];
  });
  return (
    <div class="hover-card cell-tip" style={placeOf(cell)} data-testid="cell-tip">
      <div class="cell-tip-head">
        <b>{line.layer}</b> <span class="muted">with {map.teacher.model}'s</span> <b>{theirs}</b>
      </div>
      <div class="muted">{infoOf(name).label}</div>
      <table>
        <tbody>
          {readings.map(({ one, value }) => (
            <tr key={one.key} class={one === map ? "cell-tip-this" : "muted"}>
              <th scope="row">{names.get(one.row.key)}</th>
              <td class="number" data-testid={one === map ? "cell-value" : undefined}>
                {valueText(value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {line.best === cell.column && (
        <p>
          The layer of {map.teacher.model} that {line.layer} is most alike.
        </p>
      )}
      <p class="muted">Click or Enter opens both maps.</p>
    </div>
  );
}

/** Beside the cell, on whichever side has room. */
function placeOf({ x, y, size }: { x: number; y: number; size: number }) {
  const away = size / 2 + 8;
  return {
    ...(x > window.innerWidth / 2 ? { right: `${window.innerWidth - x + away}px` } : { left: `${x + away}px` }),
    ...(y > window.innerHeight / 2
      ? { bottom: `${window.innerHeight - y - size / 2}px` }
      : { top: `${y - size / 2}px` }),
  };
}
