/** The sets that one asks for again and again, with how many samples each has at the step on screen. */

import { step } from "../state/grid";
import { stepText } from "../state/number_format";
import { setsOnScreen } from "../state/ready_made_sets";
import { SampleSetRow } from "./SampleSetRow";

export function ReadyMadeSets() {
  return (
    <section aria-label="Ready-made sets">
      <p class="sheet-title">At step {step.value === null ? "–" : stepText(step.value)}, of the models that show</p>
      {setsOnScreen.value.map(({ key, label, text, samples, reason }) => (
        <SampleSetRow key={key} testid="ready-made" name={key} label={label} text={reason ?? text} samples={samples} />
      ))}
    </section>
  );
}
