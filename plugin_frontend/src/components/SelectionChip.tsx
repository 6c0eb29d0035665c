/** How many samples are selected, and the way to let them go. */

import { clearSelection } from "../state/selection";
import { selection } from "../state/settings";
import { Icon } from "./icons";

export function SelectionChip() {
  const count = selection.value.size;
  return (
    <div class="selection-chip" role="status" data-testid="selection-count" data-count={count}>
      {count > 0 && (
        <>
          <b>{count}</b> selected
          <button
            type="button"
            class="icon-button small"
            aria-label="Clear the selection (Escape)"
            title="Clear the selection (Escape)"
            data-testid="clear-selection"
            onClick={clearSelection}
          >
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  );
}
