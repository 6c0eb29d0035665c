/** The choice of what colours the samples: of the samples, of the models' outputs, or of each map; each with its direction. */

import { colorColumn } from "../state/color_column";
import { type ColumnScope, type SampleColumn, sampleColumns } from "../state/sample_columns";
import { chosenColor } from "../state/settings";
import { Menu } from "./Menu";

const GROUPS: readonly { readonly scope: ColumnScope; readonly label: string; readonly text: string }[] = [
  { scope: "sample", label: "Samples", text: "The same in every map." },
  { scope: "model", label: "Outputs", text: "Of each model, at the step on screen." },
  { scope: "map", label: "Maps", text: "Of each layer and its map, at the step on screen." },
];

export function ColorMenu() {
  return (
    <Menu label="Colour" value={colorColumn.value.label} testid="color-by" class="color-sheet">
      {GROUPS.map(({ scope, label, text }) => (
        <fieldset key={scope} class="sheet-part">
          <legend class="sheet-title">
            <b>{label}</b> {text}
          </legend>
          {sampleColumns.value
            .filter((column) => column.scope === scope)
            .map((column) => (
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
