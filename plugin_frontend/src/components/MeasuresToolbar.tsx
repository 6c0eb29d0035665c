/** The controls of the Measures view: over what the charts run, of which measure, and on which scale. */

import { measure } from "../state/chart";
import { isOneMeasure, showsOutputs } from "../state/measures_view";
import { chosenMeasure, type MeasuresOver, measuresOver, ownScales } from "../state/settings";
import { MeasureMenu } from "./MeasureMenu";
import { type Segment, Segments } from "./Segments";

const OVER: readonly Segment<MeasuresOver>[] = [
  { value: "steps", label: "Over steps", hint: "One measure, a chart for each layer.", testid: "over-steps" },
  {
    value: "depth",
    label: "By depth",
    hint: "All measures of layers at the chosen step, from the first layer to the last.",
    testid: "over-depth",
  },
];

const OWN_SCALES = "Each layer's chart fills its height: shapes compare, heights do not.";
const FIT_TO_STEP = "Each chart's scale is made for the values of this step, not for those of all steps.";

export function MeasuresToolbar() {
  return (
    <>
      <Segments
        legend="What the charts run over"
        name="over"
        segments={OVER}
        value={measuresOver.value}
        onChange={(over) => {
          measuresOver.value = over;
        }}
      />
      {measuresOver.value === "steps" && measure.value !== null && (
        <MeasureMenu
          chosen={measure.value}
          onChoose={(name) => {
            chosenMeasure.value = name;
          }}
        />
      )}
      {!showsOutputs.value && (
        <label class="field" title={isOneMeasure.value ? OWN_SCALES : FIT_TO_STEP}>
          <input
            type="checkbox"
            data-testid="own-scales"
            checked={ownScales.value}
            onChange={(event) => {
              ownScales.value = event.currentTarget.checked;
            }}
          />
          <span class="muted">{isOneMeasure.value ? "own scales" : "fit to this step"}</span>
        </label>
      )}
    </>
  );
}
