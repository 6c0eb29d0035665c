/** The choice of what colours the samples: of the samples, of the models' outputs, or of each map; each with its direction. */

import { colorColumn } from "../state/color_column";
import { type SampleColumn, sampleColumns } from "../state/sample_columns";
import { chosenColor } from "../state/settings";
import { Menu } from "./Menu";

const isMetadata = ({ key }: SampleColumn) => key.startsWith("metadata:");

interface Group {
  readonly label: string;
  readonly text: string;
  readonly has: (column: SampleColumn) => boolean;
}

const GROUPS: readonly Group[] = [
  { label: "Samples", text: "The same in every map.", has: (one) => one.scope === "sample" && !isMetadata(one) },
  { label: "Outputs", text: "Of each model, at the step on screen.", has: ({ scope }) => scope === "model" },
  { label: "Maps", text: "Of each layer and its map, at the step on screen.", has: ({ scope }) => scope === "map" },
  { label: "Metadata", text: "What the probe was given with its samples.", has: isMetadata },
];

export function ColorMenu() {
  return (
    <Menu label="Colour" value={colorColumn.value.label} testid="color-by" class="color-sheet">
      {GROUPS.map(({ label, text, has }) => ({ label, text, columns: sampleColumns.value.filter(has) }))
        .filter(({ columns }) => columns.length > 0)
        .map(({ label, text, columns }) => (
          <fieldset key={label} class="sheet-part">
            <legend class="sheet-title">
              <b>{label}</b> {text}
            </legend>
            {columns.map((column) => (
              <Choice key={column.key} column={column} />
            ))}
          </fieldset>
        ))}
    </Menu>
  );
}

function Choice({ column }: { column: SampleColumn }) {
  const { key, label, text } = column;
  return (
    <label class="choice" title={text}>
      <input
        type="radio"
        name="color"
        data-testid="color-choice"
        data-key={key}
        checked={key === colorColumn.value.key}
        onChange={() => {
          chosenColor.value = key;
        }}
      />
      <span>{label}</span>
      <span class="choice-text muted">{direction(column)}</span>
    </label>
  );
}

function direction({ kind, ends, categories, isVerdict }: SampleColumn): string {
  if (ends !== null) return `${ends[0]} to ${ends[1]}`;
  if (kind === "number") return "less to more";
  const found = categories();
  return isVerdict ? found.map(({ name }) => name.toLowerCase()).join(" or ") : `${found.length} values`;
}
