/** What can become of the selection, given samples that are found: one main way, and three that build on what there is. */

import { type How, select } from "../state/selection";
import { selection } from "../state/settings";

interface Props {
  readonly samples: readonly number[];
  /** Beside the main button. */
  readonly note?: string;
}

const OTHERS: readonly { how: How; label: string; hint: string }[] = [
  { how: "add", label: "Add", hint: "Add them to the selection" },
  { how: "remove", label: "Take away", hint: "Take them out of the selection" },
  { how: "intersect", label: "Keep only", hint: "Keep of the selection only those that are among them" },
];

export function SelectActions({ samples, note }: Props) {
  const isNone = samples.length === 0;
  return (
    <div class="select-actions">
      <button
        type="button"
        class="main-button"
        disabled={isNone}
        data-testid="select-found"
        data-count={samples.length}
        onClick={() => select(samples)}
      >
        Select {samples.length}
      </button>
      {selection.value.size > 0 &&
        OTHERS.map(({ how, label, hint }) => (
          <button
            key={how}
            type="button"
            class="plain-button"
            title={hint}
            disabled={isNone && how !== "intersect"}
            data-testid={`found-${how}`}
            onClick={() => select(samples, how)}
          >
            {label}
          </button>
        ))}
      {note !== undefined && <span class="muted select-note">{note}</span>}
    </div>
  );
}
