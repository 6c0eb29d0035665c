/**
 * The legend of names: pointing at one dims all others in every map, a click hides it or shows it again, a double click, or
 * "only", shows it alone. Where there are many, they can be searched.
 */

import { useEffect, useState } from "preact/hooks";
import { colorColumn } from "../state/color_column";
import { cssColor, valueColors } from "../state/colors";
import { hiddenIn, hideIn } from "../state/hidden_values";
import { isolated, toggled } from "../state/legend";
import type { Category } from "../state/sample_columns";
import { available, select } from "../state/selection";
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
    hideIn(key, isolated(hiddenIn(key), value, all));
  };
  return (
    <li onPointerEnter={() => point(value)} onPointerLeave={() => point(undefined)}>
      <button
        type="button"
        class="legend-entry"
        aria-pressed={shows}
        title={`${name}: click to ${shows ? "hide" : "show"}, double click to show it alone${count === null ? "" : "; with Shift a click selects its samples"}`}
        data-testid="legend-entry"
        data-value={String(value)}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && point(value)}
        onBlur={() => point(undefined)}
        onClick={(event) => {
          if (event.shiftKey && count !== null) select(samplesOf(value), "add");
          else if (event.altKey) alone();
          else hideIn(key, toggled(hidden, value));
        }}
        onDblClick={alone}
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

/** Of a column of samples: in one of models who has a value differs from row to row. */
function samplesOf(value: Category["value"]): readonly number[] {
  const values = colorColumn.peek().values({ row: null, panel: null });
  return values === null ? [] : available.peek().filter((sample) => (values[sample] ?? null) === value);
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
