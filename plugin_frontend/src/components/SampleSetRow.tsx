/** A set of samples as a line to choose: pointing at it shows it in the maps, a click selects it (Shift adds, Alt takes away). */

import type { ComponentChildren } from "preact";
import { howOf, previewed, select } from "../state/selection";

interface Props {
  readonly label: ComponentChildren;
  /** Exactly which samples they are, under the label. */
  readonly text?: string;
  /** Null: it cannot be chosen. */
  readonly samples: readonly number[] | null;
  /** Of how many, where a bar is to show the share. */
  readonly of?: number;
  readonly testid: string;
  /** `data-key`, for tests. */
  readonly name: string;
}

export function SampleSetRow({ label, text, samples, of, testid, name }: Props) {
  const show = () => {
    if (samples !== null && samples.length > 0) previewed.value = new Set(samples);
  };
  const unshow = () => {
    previewed.value = null;
  };
  return (
    <button
      type="button"
      class="sample-set"
      // Not `disabled`: why it cannot be chosen is to be read by whoever goes by keyboard, too.
      aria-disabled={samples === null}
      data-testid={testid}
      data-key={name}
      data-count={samples?.length ?? ""}
      onPointerEnter={show}
      onPointerLeave={unshow}
      onFocus={show}
      onBlur={unshow}
      onClick={(event) => {
        if (samples === null) return;
        select(samples, howOf(event));
        unshow();
      }}
    >
      <span class="sample-set-label">{label}</span>
      {of !== undefined && samples !== null && (
        <span class="sample-set-bar" aria-hidden="true" style={{ "--share": of === 0 ? 0 : samples.length / of }} />
      )}
      <span class="number sample-set-count">{samples === null ? "–" : samples.length}</span>
      {text !== undefined && <span class="muted sample-set-text">{text}</span>}
    </button>
  );
}
