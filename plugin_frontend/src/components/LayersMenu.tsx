/** The sheet of columns: how layers are matched, which columns show and in what order. */

import {
  listedColumns,
  moveColumn,
  showAllColumns,
  showColumnsAsAtFirst,
  showOnlyColumn,
  toggleColumn,
} from "../state/column_choice";
import { columnNames, match, shownColumns } from "../state/layer_matching";
import { chosenColumns } from "../state/settings";
import { ChoicesHead } from "./ChoicesHead";
import { LayerMatchChoice } from "./LayerMatchChoice";
import { Menu } from "./Menu";
import { OrderedChoices } from "./OrderedChoices";

/** Said beside the number of columns wherever it is not the usual. */
const MATCHED = { depth: "", name: ", by name", cka: ", by CKA" } as const;

export function LayersMenu() {
  const shown = shownColumns.value;
  const names = columnNames.value;
  const items = listedColumns().map((column) => ({
    key: `${column}`,
    label: names[column] ?? "",
    children: (
      <span class="choice-name" title={names[column]}>
        {names[column]}
      </span>
    ),
    shown: shown.includes(column),
    band: 0,
  }));
  return (
    <Menu label="Layers" value={`${shown.length}/${names.length}${MATCHED[match.value]}`} testid="layers">
      <LayerMatchChoice />
      <ChoicesHead
        title={chosenColumns.value === null ? "Columns, from input to output" : "Columns"}
        testid="layers"
        allShow={shown.length === names.length}
        isAsAtFirst={chosenColumns.value === null}
        onAll={showAllColumns}
        onAsAtFirst={showColumnsAsAtFirst}
      />
      <OrderedChoices
        items={items}
        testid="layer-choice"
        canBeEmpty={false}
        onToggle={(key) => toggleColumn(Number(key))}
        onOnly={(key) => showOnlyColumn(Number(key))}
        onMove={(key, place) => moveColumn(Number(key), place)}
      />
    </Menu>
  );
}
