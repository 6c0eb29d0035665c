/** While an older step is on screen: how many came since, and the way to the newest. */

import { goToNewest, newStepCount } from "../state/new_steps";

export function NewSteps() {
  const count = newStepCount.value;
  return (
    <span role="status" class="new-steps">
      {count > 0 && (
        <button
          type="button"
          class="new-steps-button"
          title="Go to the newest step, and stay with it (End)"
          data-testid="new-steps"
          data-count={count}
          onClick={goToNewest}
        >
          {count === 1 ? "1 new step" : `${count} new steps`}
        </button>
      )}
    </span>
  );
}
