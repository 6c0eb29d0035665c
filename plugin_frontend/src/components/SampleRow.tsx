/** One selected sample in the table: its picture, and a cell for each column. */

import type { SampleValue } from "../state/column";
import { outputsOf } from "../state/outputs";
import { cellText, type TableColumn } from "../state/sample_table";
import { correctness } from "../state/sample_values";
import { probe } from "../state/server";
import { Icon } from "./icons";
import { letGo, pointOut } from "./pointed_out";
import { Thumbnail } from "./Thumbnail";

export interface ColumnOfCells {
  readonly column: TableColumn;
  readonly values: ArrayLike<SampleValue> | null;
}

interface Props {
  readonly id: string;
  /** Among the table's rows. */
  readonly index: number;
  readonly sample: number;
  readonly cells: readonly ColumnOfCells[];
  readonly hasPicture: boolean;
  readonly isActive: boolean;
  readonly isInspected: boolean;
  readonly onClick: () => void;
}

export function SampleRow({ id, index, sample, cells, hasPicture, isActive, isInspected, onClick }: Props) {
  return (
    <tr
      id={id}
      class={`sample-row ${isActive ? "active" : ""}`}
      aria-rowindex={index + 3}
      aria-selected={isInspected}
      data-testid="sample-row"
      data-sample={sample}
      onPointerEnter={(event) => pointOut(sample, event.currentTarget)}
      onPointerLeave={letGo}
      onClick={onClick}
    >
      {hasPicture && (
        <td class="pinned">
          <Thumbnail sample={sample} size={26} />
        </td>
      )}
      {cells.map(({ column, values }) => (
        <Cell key={column.key} column={column} value={values?.[sample]} sample={sample} />
      ))}
    </tr>
  );
}

interface CellProps {
  readonly column: TableColumn;
  readonly value: SampleValue | undefined;
  readonly sample: number;
}

function Cell({ column, value, sample }: CellProps) {
  const text = cellText(column, value);
  if (column.column === null)
    return (
      <th scope="row" class="pinned-id" title={text}>
        {text}
      </th>
    );
  if (column.column.key === "prediction" && column.owner.row !== null) {
    const right = correctness(outputsOf(column.owner.row), probe.value?.labels ?? null, sample);
    return (
      <td class={right === null ? "" : right ? "verdict right" : "verdict wrong"} title={text}>
        {right !== null && <Icon name={right ? "check" : "cross"} />}
        <span class="unseen">{right === null ? "" : right ? "right: " : "wrong: "}</span>
        {text}
      </td>
    );
  }
  return (
    <td class={column.column.kind === "number" ? "number" : ""} title={text}>
      {text}
    </td>
  );
}
