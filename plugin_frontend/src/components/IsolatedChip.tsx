/** Says that most samples are hidden, and is the way back. */

import { showAllSamples } from "../state/selection";
import { probe } from "../state/server";
import { isolated } from "../state/settings";

export function IsolatedChip() {
  const alone = isolated.value;
  return (
    <div role="status">
      {alone !== null && (
        <p class="isolated-chip" data-testid="isolated" data-count={alone.size}>
          <span>
            Isolated: <b>{alone.size}</b> of {probe.value?.size ?? 0}
          </span>
          <button
            type="button"
            class="link-button"
            title="Show the other samples again (Escape)"
            data-testid="show-all-samples"
            onClick={showAllSamples}
          >
            show all
          </button>
        </p>
      )}
    </div>
  );
}
