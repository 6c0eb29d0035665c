/** What is known of every sample, one value each: the columns that colours, ranges, lists and exports are made of. */

import { computed } from "@preact/signals";
import { PLAIN, type SampleColumn, type SampleValue } from "./column";
import { mapColumns } from "./map_columns";
import { modelColumns } from "./model_columns";
import { percent, valueText } from "./number_format";
import { valueCounts } from "./sample_values";
import { probe } from "./server";

export type { Category, ColumnOwner, ColumnScope, SampleColumn, SampleValue } from "./column";

function ofMetadata(name: string, values: readonly SampleValue[]): SampleColumn {
  const isNumber = values.every((value) => value === null || typeof value === "number");
  return {
    ...PLAIN,
    key: `metadata:${name}`,
    label: name,
    text: "From the probe's metadata.",
    scope: "sample",
    kind: isNumber ? "number" : "category",
    unknown: () => "No value in the probe",
    categories: () =>
      isNumber
        ? []
        : valueCounts(values).flatMap(([value, count]) =>
            value === null ? [] : [{ value, name: String(value), count }],
          ),
    values: () => values,
  };
}

/** Every column that this probe and its models have, in the order in which to offer them. */
export const sampleColumns = computed<readonly SampleColumn[]>(() => {
  const known = probe.value;
  if (known === null) return [];
  const metadata = Object.entries(known.metadata).map(([name, values]) => ofMetadata(name, values));
  return [...modelColumns(known), ...mapColumns(known), ...metadata];
});

export const columnOf = (key: string) => sampleColumns.value.find((column) => column.key === key) ?? null;

/** Whether a column's values are shares of a whole. */
export const isShare = ({ kind, range }: SampleColumn) => kind === "number" && range[0] === 0 && range[1] === 1;

/** How a value is written. */
export function columnText(column: SampleColumn, value: SampleValue | undefined): string {
  if (value === null || value === undefined) return "–";
  if (column.kind === "category") return column.categories().find((one) => one.value === value)?.name ?? String(value);
  if (isShare(column)) return percent(value as number);
  return (Number.isInteger(value) ? String(value) : valueText(value as number)).replace("-", "−");
}
