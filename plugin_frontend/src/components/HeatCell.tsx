/** One cell of a heat map: a value as colour and number, and the way to the two maps behind it. */

import { inkOn } from "../drawing/palette";
import { infoOf } from "../state/chart";
import { areaScale, cssColor } from "../state/colors";
import { type HeatMap, likeness } from "../state/heat_maps";
import { shareText } from "../state/number_format";
import { domain, mapsOfCell, pointedCell, similarity } from "../state/similarity_view";
import { openMaps } from "../state/views";
import type { CellPlace } from "./heat_keys";

interface Props extends CellPlace {
  readonly map: HeatMap;
  readonly value: number | null;
  /** CSS pixels. */
  readonly size: number;
  /** The one cell of its heat map that Tab reaches. */
  readonly isActive: boolean;
  readonly onKeyDown: (event: KeyboardEvent, from: CellPlace) => void;
  readonly onFocus: () => void;
}

/** With less room the value is only read on pointing at it. */
const ROOM_FOR_VALUE = 31;

export function HeatCell({ map, line, column, value, size, isActive, onKeyDown, onFocus }: Props) {
  const isBest = map.lines[line]?.best === column;
  const open = () => openMaps(mapsOfCell(map, line, column));
  const point = (event: { currentTarget: HTMLElement }) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    pointedCell.value = { map: map.key, line, column, x: left + width / 2, y: top + height / 2, size };
  };
  const leave = () => {
    pointedCell.value = null;
  };
  return (
    <td>
      <button
        type="button"
        class={`heat-cell ${isBest ? "heat-best" : ""} ${value === null ? "heat-none" : ""} ${size >= 56 ? "heat-large" : size < 44 ? "heat-small" : ""}`}
        tabIndex={isActive ? 0 : -1}
        style={colorsOf(value)}
        aria-label={nameOf(map, line, column, value, isBest)}
        data-takes-keys
        data-testid="cell"
        data-line={line}
        data-column={column}
        data-value={value}
        data-best={isBest}
        onClick={open}
        onKeyDown={(event) => onKeyDown(event, { line, column })}
        onFocus={(event) => {
          onFocus();
          if (event.currentTarget.matches(":focus-visible")) point(event);
        }}
        onBlur={leave}
        onPointerEnter={point}
        onPointerLeave={leave}
      >
        {size >= ROOM_FOR_VALUE && shareText(value)}
      </button>
    </td>
  );
}

function colorsOf(value: number | null): { background?: string; color?: string } {
  const name = similarity.value;
  if (value === null || name === null) return {};
  const colors = areaScale.value;
  const place = likeness(value, domain.value, infoOf(name).low_is_alike);
  const color = colors[Math.round(place * (colors.length - 1))];
  return color === undefined ? {} : { background: cssColor(color), color: cssColor(inkOn(color)) };
}

function nameOf(map: HeatMap, line: number, column: number, value: number | null, isBest: boolean): string {
  const layer = map.lines[line]?.layer;
  const best = isBest ? `, the layer of ${map.teacher.model} that ${layer} is most alike` : "";
  return `${map.row.model.name} ${layer} with ${map.teacher.model} ${map.teacherLayers[column]}: ${shareText(value)}${best}`;
}
