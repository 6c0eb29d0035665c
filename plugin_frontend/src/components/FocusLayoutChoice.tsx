/** How two large maps show: side by side or one over the other, by a wipe or a blend. */

import { isOverlay } from "../state/grid";
import { front, LETTERS } from "../state/overlay";
import { type FocusLayout, focusLayout, type OverlayBy, overlayBy, overlayShare } from "../state/settings";
import { type Segment, Segments } from "./Segments";

const LAYOUTS: readonly Segment<FocusLayout>[] = [
  { value: "side", label: "Side by side", hint: "A at the left, B at the right", testid: "layout-side" },
  { value: "overlay", label: "Overlay", hint: "B over A, sample over sample", testid: "layout-overlay" },
];
const OVERLAYS: readonly Segment<OverlayBy>[] = [
  { value: "wipe", label: "Wipe", hint: "A line to drag parts them: A at its left, B at its right", testid: "by-wipe" },
  { value: "blend", label: "Blend", hint: "Both at once, one pale beneath the other", testid: "by-blend" },
];

export function FocusLayoutChoice() {
  return (
    <div class="focus-layout">
      <Segments
        legend="How the two maps show"
        name="focus-layout"
        segments={LAYOUTS}
        value={focusLayout.value}
        onChange={(layout) => {
          focusLayout.value = layout;
        }}
      />
      {isOverlay.value && (
        <Segments
          legend="How one map lies over the other"
          name="overlay-by"
          segments={OVERLAYS}
          value={overlayBy.value}
          onChange={(by) => {
            overlayBy.value = by;
          }}
        />
      )}
      {isOverlay.value && overlayBy.value === "blend" && <BlendShare />}
    </div>
  );
}

function BlendShare() {
  const inFront = (place: 0 | 1) => `letter ${front.value === place ? "" : "letter-behind"}`;
  return (
    <label class="blend">
      <span class="unseen">How much of B</span>
      <b class={inFront(0)}>{LETTERS[0]}</b>
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={overlayShare.value}
        aria-valuetext={`${LETTERS[front.value]} in front, B ${Math.round(100 * overlayShare.value)}%`}
        title="The map in front has full colours and takes the pointer"
        data-testid="blend"
        onInput={(event) => {
          overlayShare.value = event.currentTarget.valueAsNumber;
        }}
      />
      <b class={inFront(1)}>{LETTERS[1]}</b>
    </label>
  );
}
