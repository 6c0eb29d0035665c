/** The headers of the table of samples: of which model or map, and the column; a click sorts by it. */

import { rows } from "../state/grid";
import { rowStyles } from "../state/row_styles";
import { sortBy, type TableColumn } from "../state/sample_table";
import { sortColumn, sortDescending } from "../state/settings";
import { Icon } from "./icons";
import { LineSample } from "./LineSample";

/** Of the picture's column, CSS pixels. */
export const THUMBNAIL = 34;

interface Props {
  readonly columns: readonly TableColumn[];
  readonly hasPictures: boolean;
}

export function SampleTableHead({ columns, hasPictures }: Props) {
  const groups: { name: string | null; span: number }[] = hasPictures ? [{ name: null, span: 1 }] : [];
  for (const { group } of columns) {
    const now = groups.at(-1);
    if (now !== undefined && now.name === group) now.span += 1;
    else groups.push({ name: group, span: 1 });
  }
  return (
    <thead>
      <tr>
        {groups.map(({ name, span }, i) =>
          name === null ? (
            <td key={i} colSpan={span} />
          ) : (
            <th key={`${i} ${name}`} colSpan={span} scope="colgroup" class="column-group" title={name}>
              {name}
            </th>
          ),
        )}
      </tr>
      <tr>
        {hasPictures && (
          <td class="pinned">
            <span class="unseen">Picture</span>
          </td>
        )}
        {columns.map((one) => (
          <Header key={one.key} column={one} />
        ))}
      </tr>
    </thead>
  );
}

function Header({ column: { key, label, text, group, column, owner } }: { column: TableColumn }) {
  const style =
    column?.key === "prediction" && owner.row !== null ? rowStyles(rows.value).get(owner.row.key) : undefined;
  const isSorted = sortColumn.value === key;
  const direction = sortDescending.value ? "descending" : "ascending";
  return (
    <th
      scope="col"
      class={`${column === null ? "pinned-id" : ""} ${column?.kind === "number" ? "number" : ""}`}
      aria-sort={isSorted ? direction : "none"}
      data-testid="sort-header"
      data-key={key}
    >
      <button
        type="button"
        class="sort-header"
        title={style !== undefined ? `${label}: ${text}` : `${group === null ? "" : `${group}: `}${text}`}
        onClick={() => sortBy(key)}
      >
        {style !== undefined && <LineSample style={style} />}
        <span class={style === undefined ? "" : "unseen"}>{label}</span>
        {isSorted && <Icon name={direction} />}
      </button>
    </th>
  );
}
