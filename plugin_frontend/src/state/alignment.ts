/** Which layers of different models stand in one column: by position where the models agree, else by relative depth. */

import type { LayerInfo } from "../api/types";

/** For each model, for each column: the layer that stands there, or null. */
export interface Columns {
  readonly count: number;
  readonly cells: readonly (readonly (LayerInfo | null)[])[];
}

/**
 * As many columns as the deepest model has layers. A model with fewer spreads over them evenly, its first layer in the
 * first column and its last in the last; its only layer, if it has but one, in the last.
 */
export function alignLayers(models: readonly (readonly LayerInfo[])[]): Columns {
  const count = Math.max(0, ...models.map((layers) => layers.length));
  return { count, cells: models.map((layers) => spread(layers, count)) };
}

function spread(layers: readonly LayerInfo[], count: number): (LayerInfo | null)[] {
  const cells: (LayerInfo | null)[] = new Array(count).fill(null);
  layers.forEach((layer, i) => {
    cells[columnOf(i, layers.length, count)] = layer;
  });
  return cells;
}

/** The column of layer `i` of `depth` among `count`. Strictly increasing in `i`, because `count` >= `depth`. */
export function columnOf(i: number, depth: number, count: number): number {
  return depth === 1 ? count - 1 : Math.round((i * (count - 1)) / (depth - 1));
}

/** The layer, of `depth`, that stands in a column or nearest to it by relative depth: `columnOf` the other way round. */
export function layerAt(column: number, depth: number, count: number): number {
  return depth === 1 || count === 1 ? depth - 1 : Math.round((column * (depth - 1)) / (count - 1));
}

/** What a column is called: the names of its layers, each once, in the rows' order. */
export function columnName(columns: Columns, column: number): string {
  const names = columns.cells.flatMap((cells) => cells[column]?.name ?? []);
  return [...new Set(names)].join(" / ");
}

/** The column that tells most of a comparison: of those where most models have a layer the last, if possible before the outputs. */
export function columnToTellOf({ count, cells }: Columns): number {
  const layersAt = (column: number) => cells.flatMap((row) => row[column] ?? []);
  const all = Array.from({ length: count }, (_, column) => column);
  const most = Math.max(0, ...all.map((column) => layersAt(column).length));
  const fullest = all.filter((column) => layersAt(column).length === most);
  return fullest.findLast((column) => !layersAt(column).some((layer) => layer.output)) ?? fullest.at(-1) ?? 0;
}
