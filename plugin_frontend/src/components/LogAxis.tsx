/** Whether the axes of steps are logarithmic. */

import { axis } from "../state/chart";
import { chosenAxis } from "../state/settings";

export function LogAxis() {
  return (
    <label class="field axis-choice">
      <input
        type="checkbox"
        data-testid="log-axis"
        checked={axis.value === "log"}
        onChange={(event) => {
          chosenAxis.value = event.currentTarget.checked ? "log" : "linear";
        }}
      />
      <span class="muted">log steps</span>
    </label>
  );
}
