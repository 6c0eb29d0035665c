/**
 * The legend of names: pointing at one dims all others in every map, a click hides it or shows it again, a double click, or
 * "only", shows it alone; with Shift a click adds its samples to the selection, with Alt it takes them out, as everywhere.
 * Where there are many, they can be searched.
 */

import { useEffect, useState } from "preact/hooks";
import { colorColumn } from "../state/color_column";
import { cssColor, valueColors } from "../state/colors";
import { panels } from "../state/grid";
import { hiddenIn, hideIn } from "../state/hidden_values";
import { onlyOne, samplesWithin, toggled } from "../state/legend";
import type { Category } from "../state/sample_columns";
import { available, howOf, select } from "../state/selection";
import { pointedValue } from "../state/settings";

/** From so many on, no palette tells all apart at a glance. */
const MANY = 20;
/** More would take the browser long and nobody reads them all: the rest are found by their names. */
const MOST_LISTED = 200;

export function LegendEntries() {
  const [wanted, setWanted] = useState("");
  // What is pointed at belongs to this list: with it, it goes.
  useEffect(() => () => point(undefined), []);
  const all = colorColumn.value.categories();
  const found = all.filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  const isLong = all.length >= MANY;
  return (
    <>
      {isLong && (
        <input
          type="search"
          class="legend-filter"
          placeholder={`Find among ${all.length}`}
          aria-label={`Find among the ${all.length} values in the legend`}
          data-testid="legend-filter"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      <ul class={`legend-entries ${isLong ? "legend-entries-long" : ""}`}>
        {found.slice(0, MOST_LISTED).map((entry) => (
          <Entry key={String(entry.value)} {...entry} />
        ))}
      </ul>
      {found.length > MOST_LISTED && <p class="muted legend-note">and {found.length - MOST_LISTED} more</p>}
      {found.length === 0 && all.length > 0 && <p class="muted legend-note">None is called that.</p>}
      {isLong && (
        <p class="muted legend-note" data-testid="legend-many">
          So many colours cannot all be told apart: point at a name to see its samples.
        </p>
      )}
      <ShowAll />
    </>
  );
}

function point(value: Category["value"] | undefined): void {
  pointedValue.value = value;
}

function Entry({ value, name, count }: Category) {
  const { key } = colorColumn.value;
  const hidden = hiddenIn(key);
  const shows = !hidden.has(value);
  const color = cssColor(valueColors.value.get(value));
  const alone = () => {
    const all = colorColumn.value.categories().map((one) => one.value);
    hideIn(key, onlyOne(hiddenIn(key), value, all));
  };
  return (
    <li
      onPointerMove={(event) => {
        // Where the list moves under a pointer that rests, nobody points at what comes to lie there.
        if (event.movementX !== 0 || event.movementY !== 0) point(value);
      }}
      onPointerLeave={() => point(undefined)}
    >
      <button
        type="button"
        class="legend-entry"
        aria-pressed={shows}
        title={`${name}: click to ${shows ? "hide" : "show"}, double click to show it alone; Shift+click adds ${ITS_SAMPLES[colorColumn.value.scope]} to the selection, Alt+click takes them out`}
        data-testid="legend-entry"
        data-value={String(value)}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && point(value)}
        onBlur={() => point(undefined)}
        onClick={(event) => {
          const how = howOf(event);
          if (how !== "replace") select(samplesOf(value), how);
          else hideIn(key, toggled(hidden, value));
        }}
        onDblClick={(event) => {
          if (howOf(event) === "replace") alone();
        }}
      >
        <span class="swatch" style={shows ? { background: color } : { boxShadow: `inset 0 0 0 1.5px ${color}` }} />
        <span class="legend-name">{name}</span>
        {count !== null && <span class="muted number">{count}</span>}
      </button>
      <button
        type="button"
        class="legend-only"
        aria-label={`Show ${name} alone`}
        data-testid="legend-only"
        onClick={alone}
      >
        only
      </button>
    </li>
  );
}

/** What of models differs from one to the other: then it is those of which all that say anything say so. */
const ITS_SAMPLES = {
  sample: "its samples",
  model: "the samples that have it in all models that show",
  map: "the samples that have it on all maps that show",
} as const;

function samplesOf(value: Category["value"]): readonly number[] {
  const column = colorColumn.peek();
  const owners =
    column.scope === "sample"
      ? [{ row: null, panel: null }]
      : panels.peek().map((panel) => ({ row: panel.row, panel }));
  const known = [...new Set(owners.map(column.values))].filter((values) => values !== null);
  return samplesWithin(known, value, available.peek());
}

function ShowAll() {
  const { key } = colorColumn.value;
  if (hiddenIn(key).size === 0) return null;
  return (
    <button type="button" class="text-button" data-testid="legend-all" onClick={() => hideIn(key, new Set())}>
      Show all
    </button>
  );
}
