/** The samples that moved most, as a sentence whose parts are chosen. */

import { useEffect } from "preact/hooks";
import { alsoWant } from "../state/frames_beside";
import { moved, movedEnds, movedPanel, movedPanels, movingPanels } from "../state/moved_choice";
import { wantNeighbours } from "../state/neighbours";
import { percent, stepText, valueText } from "../state/number_format";
import { available } from "../state/selection";
import { chosenMovedPanel, type MovedBy, movedBy, movedCount, movedFrom, movedTo } from "../state/settings";
import { PanelSelect } from "./PanelSelect";
import { type Segment, Segments } from "./Segments";
import { SelectActions } from "./SelectActions";
import { usePreview } from "./use_preview";

const BY: readonly Segment<MovedBy>[] = [
  {
    value: "neighbours",
    label: "True change",
    hint: "The share of its nearest neighbours in the embedding itself that are new",
    testid: "moved-by-neighbours",
  },
  {
    value: "map",
    label: "Way on the map",
    hint: "The distance between its two places on the map",
    testid: "moved-by-map",
  },
];

/** The slider's end; more can be written beside it. */
const MOST_BY_SLIDER = 200;

export function MostMoved() {
  useEffect(() => {
    const ends = [alsoWant(movedPanels), wantNeighbours(movedPanels)];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  if (movedPanel.value === null)
    return (
      <p class="value-text" role="status">
        Every model on screen was embedded only once: nothing of it can have moved.
      </p>
    );
  return (
    <section class="moved" aria-label="Most moved">
      <p class="moved-sentence">
        The <Count /> samples that moved most on{" "}
        <PanelSelect
          panels={movingPanels.value}
          value={movedPanel.value.key}
          onChange={(key) => {
            chosenMovedPanel.value = key;
          }}
          testid="moved-panel"
        />{" "}
        <span class="moved-part">
          from step <StepSelect end={0} />
        </span>{" "}
        <span class="moved-part">
          to step <StepSelect end={1} />
        </span>
      </p>
      <input
        type="range"
        class="moved-slider"
        aria-label="How many samples"
        min={1}
        max={Math.min(MOST_BY_SLIDER, available.value.length)}
        value={movedCount.value}
        data-testid="moved-slider"
        onInput={(event) => {
          movedCount.value = event.currentTarget.valueAsNumber;
        }}
      />
      <div class="moved-by">
        <Segments
          legend="Moved by"
          name="moved-by"
          segments={BY}
          value={movedBy.value}
          onChange={(by) => {
            movedBy.value = by;
          }}
        />
      </div>
      <Answer />
    </section>
  );
}

function Count() {
  return (
    <input
      type="number"
      class="moved-count number"
      aria-label="How many samples"
      min={1}
      max={available.value.length}
      value={movedCount.value}
      data-testid="moved-count"
      onInput={(event) => {
        const count = event.currentTarget.valueAsNumber;
        if (count >= 1) movedCount.value = Math.floor(count);
      }}
    />
  );
}

function StepSelect({ end }: { end: 0 | 1 }) {
  const chosen = end === 0 ? movedFrom : movedTo;
  return (
    <select
      aria-label={end === 0 ? "From step" : "To step"}
      data-testid={end === 0 ? "moved-from" : "moved-to"}
      value={movedEnds.value?.[end].step}
      onChange={(event) => {
        chosen.value = Number(event.currentTarget.value);
      }}
    >
      {movedPanel.value?.row.model.steps.map((step) => (
        <option key={step} value={step}>
          {stepText(step)}
        </option>
      ))}
    </select>
  );
}

const spread = (least: string, most: string) => (least === most ? most : `${least} to ${most}`);

function Answer() {
  const found = moved.value;
  usePreview(found === null || found.samples.length === 0 ? null : found.samples);
  if (found === null)
    return (
      <p class="muted value-text" role="status" data-testid="moved-waiting">
        Waiting for the maps of both steps…
      </p>
    );
  const [ends, by] = [movedEnds.value, movedBy.value];
  const { samples, most, least, asMuch, unknown } = found;
  return (
    <>
      <p class="muted value-text" role="status" data-testid="moved-text">
        {ends !== null && ends[0].step === ends[1].step ? (
          "From a step to itself nothing moves: choose two."
        ) : by === "neighbours" ? (
          <>{spread(percent(least), percent(most))} of their nearest neighbours in the embedding itself are new.</>
        ) : (
          <>
            They went {spread(valueText(least), valueText(most))} radii of the reference map. Who went far on a map may
            have changed little: compare the true change.
          </>
        )}{" "}
        {asMuch > 0 && `${asMuch} more moved as much as the last of them.`}
      </p>
      <SelectActions
        samples={samples}
        note={unknown > 0 ? `${unknown} left out: equally near neighbours` : undefined}
      />
    </>
  );
}
