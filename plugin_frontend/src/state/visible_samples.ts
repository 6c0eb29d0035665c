/** Which samples show: those that are isolated, or all, without those that the legend hides. */

import { computed } from "@preact/signals";
import { colorBy, colorColumn, valuesShown } from "./color_column";
import type { SampleValue } from "./column";
import { panels } from "./grid";
import { shown } from "./motion";
import { probe } from "./server";
import { hiddenLabels, hiddenValues, isolated } from "./settings";

/** 1 for each sample that shows whatever the colouring. */
export const visible = computed(() => {
  const { size = 0, labels = null } = probe.value ?? {};
  const [unlisted, alone] = [hiddenLabels.value, isolated.value];
  return Uint8Array.from({ length: size }, (_, i) => {
    const label = labels?.[i];
    return Number(!(label !== undefined && unlisted.has(label)) && (alone === null || alone.has(i)));
  });
});

const NONE: ReadonlySet<SampleValue> = new Set();

/** The values of the column that colours which the legend hides, under this colouring. */
export const hiddenByColor = computed(() => hiddenValues.value.get(colorBy.value) ?? NONE);

/** What is not known hides nothing. */
export const isHiddenIn = (hidden: ReadonlySet<SampleValue>, value: SampleValue | undefined) =>
  value !== undefined && hidden.has(value);

/** Ascending. A sample that is hidden in some maps only still shows; of each map `values` has the samples' values. */
export function showing(
  visible: ArrayLike<number>,
  hidden: ReadonlySet<SampleValue>,
  values: readonly ArrayLike<SampleValue>[],
): number[] {
  const hides = hidden.size > 0 && values.length > 0;
  return Array.from(visible, (_, sample) => sample).filter(
    (sample) => visible[sample] === 1 && !(hides && values.every((ofMap) => isHiddenIn(hidden, ofMap[sample]))),
  );
}

const NOTHING_KNOWN: ArrayLike<SampleValue> = [];

/** The colouring column's values in each map that is there; of a column of the samples themselves once. */
function valuesOnScreen(): ArrayLike<SampleValue>[] {
  const column = colorColumn.value;
  if (column.scope === "sample") return [column.values({ row: null, panel: null }) ?? NOTHING_KNOWN];
  return panels.value.flatMap((panel) => {
    const frame = shown.value.get(panel.key)?.frame;
    return frame === undefined ? [] : [valuesShown(panel, frame) ?? NOTHING_KNOWN];
  });
}

/** The samples that there are to choose from: those that show in some map. Ascending. */
export const available = computed<readonly number[]>(() => {
  const hidden = hiddenByColor.value;
  return showing(visible.value, hidden, hidden.size === 0 ? [] : valuesOnScreen());
});
