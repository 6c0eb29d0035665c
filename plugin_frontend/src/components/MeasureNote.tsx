/** One line under the toolbar of the Measures and the Similarity view: what is measured, and which way is which. */

import { infoOf, measure } from "../state/chart";
import { layerMeasures, outputMeasures, showsOutputs } from "../state/measures_view";
import { chosenView, measuresOver, ownScales } from "../state/settings";
import { similarity } from "../state/similarity_view";
import { Explanation } from "./Explanation";
import { Trouble } from "./Trouble";

/** The measures on screen. */
function shownMeasures(): readonly string[] {
  if (chosenView.value === "similarity") return similarity.value === null ? [] : [similarity.value];
  if (measuresOver.value === "depth") return layerMeasures.value;
  if (showsOutputs.value) return outputMeasures.value;
  return measure.value === null ? [] : [measure.value];
}

export function MeasureNote() {
  const names = shownMeasures();
  const [only] = names;
  return (
    <div class="note">
      {names.length > 0 && (
        <Explanation of="these measures" testid="explain-measures">
          <dl>
            {names.map((name) => (
              <Meaning key={name} name={name} />
            ))}
          </dl>
        </Explanation>
      )}
      <p class="note-text" data-testid="measure-note">
        {names.length === 1 && only !== undefined && <OneMeasure name={only} />}
        {names.length > 1 && <Several />}
      </p>
      <Trouble />
    </div>
  );
}

function Meaning({ name }: { name: string }) {
  const { label, text, direction } = infoOf(name);
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {text} {direction}
      </dd>
    </>
  );
}

function OneMeasure({ name }: { name: string }) {
  const { label, text, direction } = infoOf(name);
  return (
    <>
      <b>{label}</b> <b class="direction">{direction}</b> <span class="muted">{text}</span>
    </>
  );
}

function Several() {
  return measuresOver.value === "depth" ? (
    <>
      <b>From the first logged layer of each model to its last</b>{" "}
      <span class="muted">
        at the step of the slider. Each chart has its measure's own scale
        {ownScales.value ? "." : ", made for all steps."}
      </span>
    </>
  ) : (
    <>
      <b>What the models put out</b> <span class="muted">over the steps. Each chart has its measure's own scale.</span>
    </>
  );
}
