/** A table of the rows with their lines: one value each, or a dash where there is none. */

import { rows } from "../state/grid";
import { valueText } from "../state/number_format";
import { rowStyles } from "../state/row_styles";
import { rowNames } from "../state/rows";
import { LineSample } from "./LineSample";

export interface RowValue {
  readonly value: number | null;
  /** Beside the name, where there is something to say of this value. */
  readonly note?: string | undefined;
}

interface Props {
  /** By row key; a row without an entry has no line. */
  readonly values: ReadonlyMap<string, RowValue>;
  /** Whether there are values to show now; without, the table names the lines. */
  readonly hasValues: boolean;
  readonly onMark?: (row: string | null) => void;
}

export function RowValues({ values, hasValues, onMark }: Props) {
  const styles = rowStyles(rows.value);
  const names = rowNames(rows.value);
  return (
    <table>
      <tbody onPointerLeave={() => onMark?.(null)}>
        {rows.value.map((row) => {
          const one = values.get(row.key);
          return (
            <tr
              key={row.key}
              class={one ? "" : "muted"}
              title={one ? undefined : "This measure is not there for this row"}
              onPointerEnter={() => onMark?.(one === undefined ? null : row.key)}
            >
              <td>{one && <LineSample style={styles.get(row.key) ?? { color: "currentColor", dash: "" }} />}</td>
              <th scope="row" title={`${row.model.name} · ${row.run}`}>
                {names.get(row.key)} {one?.note !== undefined && <span class="muted">{one.note}</span>}
              </th>
              {hasValues && <td class="number">{valueText(one?.value ?? null)}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
