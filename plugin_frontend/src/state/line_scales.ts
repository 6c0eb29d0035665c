/** The scales of values of the charts in the Measures view: one for all charts of a measure, or one for each. */

import { computed } from "@preact/signals";
import { infoOf } from "./chart";
import { valueDomain } from "./chart_scales";
import { rows } from "./grid";
import { charts, isOneMeasure, layerMeasures } from "./measures_view";
import { measuresOf } from "./series";
import { measures } from "./server";
import { measuresOver, ownScales } from "./settings";
import type { SmallChart } from "./small_multiples";

const valuesOf = (chart: SmallChart) => chart.curves.flatMap((curve) => curve.values);

/** Over the depth a scale is of all steps, so that lines move and not the axis. */
const depthDomains = computed<ReadonlyMap<string, [number, number]>>(() => {
  const values = new Map<string, (number | null)[]>(layerMeasures.value.map((name) => [name, []]));
  for (const row of rows.value)
    for (const series of measuresOf(measures.value, row)?.series ?? [])
      values.get(series.measure)?.push(...series.values);
  return new Map([...values].map(([name, known]) => [name, valueDomain(known, infoOf(name).range)]));
});

const shared = computed(() => {
  const [first] = charts.value;
  return first === undefined ? null : valueDomain(charts.value.flatMap(valuesOf), infoOf(first.measure).range);
});

export function domainOf(chart: SmallChart): [number, number] {
  if (measuresOver.value === "depth" && !ownScales.value) {
    const known = depthDomains.value.get(chart.measure);
    if (known !== undefined) return known;
  }
  if (isOneMeasure.value && !ownScales.value && shared.value !== null) return shared.value;
  return valueDomain(valuesOf(chart), infoOf(chart.measure).range);
}
