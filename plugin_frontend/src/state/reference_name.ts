/** What a reference is called on screen. */

import type { EmbeddingRef } from "../api/types";
import { allRows } from "./grid";
import { stepText } from "./number_format";
import type { Row } from "./rows";

/** Model, layer and step; the run too where another run has a model of that name. */
export function embeddingName(embedding: EmbeddingRef, rows: readonly Row[]): string {
  const [run, model, layer, step] = embedding;
  const isShared = rows.some((row) => row.run !== run && row.model.name === model);
  return `${model}${isShared ? ` (${run})` : ""} · ${layer}, step ${stepText(step)}`;
}

export function referenceName(reference: EmbeddingRef | null): string {
  return reference === null ? "the default" : embeddingName(reference, allRows.value);
}
