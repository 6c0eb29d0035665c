/** What the colours mean, with few words. */

import { colorBy, colorColumn } from "../state/color_column";
import { cssColor, unknownText } from "../state/colors";
import { contoursError } from "../state/contours";
import { hiddenIn, hideIn } from "../state/hidden_values";
import { probe } from "../state/server";
import { contours, fadeByQuality } from "../state/settings";
import { comparisons } from "../state/teachers";
import { LegendEntries } from "./LegendEntries";
import { LegendRamp } from "./LegendRamp";

const SCOPES = { sample: "", model: " at this step", map: " at this step" } as const;
/** Whoever sees a class's name beside its colour needs no more words. */
const SELF_EXPLAINING = new Set(["label", "prediction", "correctness"]);

export function Legend() {
  const column = colorColumn.value;
  return (
    <section class="legend" aria-label="Legend" data-testid="legend">
      <h2>{`${column.label}${SCOPES[column.scope]}`}</h2>
      {column.kind === "number" ? <LegendRamp /> : <LegendEntries key={column.key} />}
      {!SELF_EXPLAINING.has(column.key) && <p class="muted legend-note">{column.text}</p>}
      {column.isOfTeacher && <Teachers />}
      <Unknown />
      {fadeByQuality.value && (
        <p class="muted legend-note" data-testid="legend-fade">
          Pale: its true neighbours are not near it on the map.
        </p>
      )}
      {contours.value && (
        <p class="muted legend-note" data-testid="legend-contours">
          {contoursError.value === null
            ? "Lines hold half and nine tenths of the samples of their colour."
            : `The contours cannot be made: ${contoursError.value}`}
        </p>
      )}
      {colorBy.value !== "label" && <HiddenLabels />}
      {probe.value !== null && probe.value.labels === null && (
        <p class="muted legend-note">The probe has no labels, so nothing can be right or wrong.</p>
      )}
    </section>
  );
}

/** With several teachers: who is compared with whom. */
function Teachers() {
  return comparisons().map((text) => (
    <p key={text} class="muted legend-note" data-testid="legend-teacher">
      {text}
    </p>
  ));
}

/** What a grey sample is. */
function Unknown() {
  if (unknownText.value === "") return null;
  return (
    <p class="muted legend-note legend-unknown" data-testid="legend-unknown">
      <span class="swatch" style={{ background: cssColor(undefined) }} />
      {unknownText.value}
    </p>
  );
}

/** Hidden labels stay hidden under every colouring, so the legend says so. */
function HiddenLabels() {
  const count = hiddenIn("label").size;
  if (count === 0) return null;
  return (
    <p class="legend-note">
      {count === 1 ? "One label is hidden." : `${count} labels are hidden.`}{" "}
      <button
        type="button"
        class="text-button"
        data-testid="legend-all-labels"
        onClick={() => {
          hideIn("label", new Set());
        }}
      >
        Show all
      </button>
    </p>
  );
}
