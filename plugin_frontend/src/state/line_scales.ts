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

/** Steps with values far from all others (a first step, a collapse) must not flatten those of all other steps. */
const OUTLIERS = 0.05;

/** By measure: what nearly all values of all steps lie between, so that by depth lines move and not the axis. */
const depthRanges = computed<ReadonlyMap<string, readonly number[]>>(() => {
  const values = new Map<string, number[]>(layerMeasures.value.map((name) => [name, []]));
  for (const row of rows.value)
    for (const series of measuresOf(measures.value, row)?.series ?? [])
      for (const value of series.values) if (value !== null) values.get(series.measure)?.push(value);
  return new Map([...values].map(([name, known]) => [name, withoutOutliers(known)]));
});

/** The least and the greatest value, but for the few at either end. */
function withoutOutliers(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const left = Math.floor(OUTLIERS * sorted.length);
  return [sorted[left], sorted[sorted.length - 1 - left]].filter((value) => value !== undefined);
}

const shared = computed(() => {
  const [first] = charts.value;
  return first === undefined ? null : valueDomain(charts.value.flatMap(valuesOf), infoOf(first.measure).range);
});

export function domainOf(chart: SmallChart): [number, number] {
  if (measuresOver.value === "depth" && !ownScales.value) {
    const usual = depthRanges.value.get(chart.measure) ?? [];
    return valueDomain([...usual, ...valuesOf(chart)], infoOf(chart.measure).range);
  }
  if (isOneMeasure.value && !ownScales.value && shared.value !== null) return shared.value;
  return valueDomain(valuesOf(chart), infoOf(chart.measure).range);
}
