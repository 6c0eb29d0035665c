/** The maps set samples off as if they were selected, for as long as this component shows. */

import { useEffect } from "preact/hooks";
import { previewed } from "../state/selection";

/** Null: the selection itself shows. */
export function usePreview(samples: readonly number[] | null): void {
  useEffect(() => {
    previewed.value = samples === null ? null : new Set(samples);
  }, [samples]);
  useEffect(
    () => () => {
      previewed.value = null;
    },
    [],
  );
}
