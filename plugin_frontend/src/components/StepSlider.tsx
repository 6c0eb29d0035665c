/** The slider as the keyboard and screen readers know it; what is seen of it is drawn by the chart. */

import { step, steps } from "../state/grid";
import { stepText } from "../state/number_format";
import { stepBy } from "../state/player";

export function StepSlider() {
  const at = step.value ?? 0;
  return (
    <div
      class="step-slider"
      role="slider"
      tabIndex={0}
      aria-label="Training step of all maps"
      aria-valuemin={steps.value[0] ?? 0}
      aria-valuemax={steps.value.at(-1) ?? 0}
      aria-valuenow={at}
      aria-valuetext={`step ${stepText(at)}`}
      data-testid="step-slider"
      onKeyDown={(event) => {
        // The arrows work everywhere (see keyboard.ts); here the slider's other usual keys are added.
        const by = { PageUp: 5, PageDown: -5, ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        stepBy(by);
      }}
    />
  );
}
