/** What the colours mean. A click hides a class or shows it again; a double click, or "only", shows it alone. */

import type { Signal } from "@preact/signals";
import { classColors, classes, colorBy, cssColor, scale, someHaveNoChange, verdictColors } from "../state/colors";
import { rows } from "../state/grid";
import { isolated, toggled } from "../state/legend";
import { outputsOf } from "../state/outputs";
import { probe } from "../state/server";
import { hiddenCorrectness, hiddenLabels, hiddenPredictions } from "../state/settings";

const TITLES = {
  label: "Label",
  prediction: "Prediction at this step",
  correctness: "Right or wrong at this step",
  confidence: "Confidence at this step",
  changed: "True change",
  kept: "Map quality",
} as const;

const OF_MODELS = ["prediction", "correctness", "confidence"];

interface Entry {
  readonly value: number;
  readonly name: string;
  readonly color: string;
  readonly count: number | null;
}

export function Legend() {
  const by = colorBy.value;
  const ofClasses = classes.value.map(({ label, name, count }) => ({
    value: label,
    name,
    color: cssColor(classColors.value.get(label)),
    count: by === "label" ? count : null,
  }));
  return (
    <section class="legend" aria-label="Legend" data-testid="legend">
      <h2>{TITLES[by]}</h2>
      {by === "label" && <Entries entries={ofClasses} hidden={hiddenLabels} />}
      {by === "prediction" && <Entries entries={ofClasses} hidden={hiddenPredictions} />}
      {by === "correctness" && <Entries entries={verdicts()} hidden={hiddenCorrectness} />}
      {by === "confidence" && <Ramp />}
      {by === "changed" && <TrueChange />}
      {by === "kept" && <Kept />}
      {by !== "label" && <HiddenLabels />}
      {OF_MODELS.includes(by) && !rows.value.some((row) => outputsOf(row)?.prediction) && (
        <p class="muted legend-note">No predictions are there for this step.</p>
      )}
      {probe.value !== null && probe.value.labels === null && (
        <p class="muted legend-note">The probe has no labels, so nothing can be right or wrong.</p>
      )}
    </section>
  );
}

function verdicts(): Entry[] {
  return [
    { value: 1, name: "Right", color: cssColor(verdictColors.value.right), count: null },
    { value: 0, name: "Wrong", color: cssColor(verdictColors.value.wrong), count: null },
  ];
}

function Entries({ entries, hidden }: { entries: readonly Entry[]; hidden: Signal<ReadonlySet<number>> }) {
  const all = entries.map((entry) => entry.value);
  const alone = (value: number) => {
    hidden.value = isolated(hidden.value, value, all);
  };
  return (
    <>
      <ul class="legend-entries">
        {entries.map(({ value, name, color, count }) => {
          const shows = !hidden.value.has(value);
          return (
            <li key={value}>
              <button
                type="button"
                class="legend-entry"
                aria-pressed={shows}
                title={`${shows ? "Hide" : "Show"} ${name}. Double click shows it alone.`}
                data-testid="legend-entry"
                data-value={value}
                onClick={(event) => {
                  if (event.altKey) alone(value);
                  else hidden.value = toggled(hidden.value, value);
                }}
                onDblClick={() => alone(value)}
              >
                <span
                  class="swatch"
                  style={shows ? { background: color } : { boxShadow: `inset 0 0 0 1.5px ${color}` }}
                />
                <span class="legend-name">{name}</span>
                {count !== null && <span class="muted number">{count}</span>}
              </button>
              <button
                type="button"
                class="legend-only"
                aria-label={`Show ${name} alone`}
                data-testid="legend-only"
                onClick={() => alone(value)}
              >
                only
              </button>
            </li>
          );
        })}
      </ul>
      {hidden.value.size > 0 && <ShowAll hidden={hidden} />}
    </>
  );
}

function ShowAll({ hidden }: { hidden: Signal<ReadonlySet<number>> }) {
  return (
    <button
      type="button"
      class="text-button"
      data-testid="legend-all"
      onClick={() => {
        hidden.value = new Set();
      }}
    >
      Show all
    </button>
  );
}

/** Hidden labels stay hidden under every colouring, so the legend says so. */
function HiddenLabels() {
  const count = hiddenLabels.value.size;
  if (count === 0) return null;
  return (
    <p class="legend-note">
      {count === 1 ? "One label is hidden." : `${count} labels are hidden.`} <ShowAll hidden={hiddenLabels} />
    </p>
  );
}

function TrueChange() {
  return (
    <>
      <Ramp />
      <p class="muted legend-note">
        Share of a sample's 15 nearest neighbours that are new since the step before, in the embedding itself. Motion on
        a map tells only part of it.
      </p>
      {someHaveNoChange.value && (
        <p class="muted legend-note legend-unknown" data-testid="legend-no-change">
          <span class="swatch" style={{ background: cssColor(undefined) }} />A model's first step: nothing came before
          it.
        </p>
      )}
    </>
  );
}

function Kept() {
  return (
    <>
      <Ramp />
      <p class="muted legend-note">
        Share of a sample's 15 nearest neighbours in the embedding that are near it on the map too.
      </p>
    </>
  );
}

const RAMP_STOPS = 9;

/** The scale from 0 to 1. */
function Ramp() {
  const colors = scale.value;
  const stops = Array.from({ length: RAMP_STOPS }, (_, i) =>
    cssColor(colors[Math.round((i / (RAMP_STOPS - 1)) * (colors.length - 1))]),
  );
  return (
    <div class="ramp" data-testid="ramp">
      <div class="ramp-bar" style={{ background: `linear-gradient(to right, ${stops.join(", ")})` }} />
      <div class="ramp-ends muted">
        <span>0%</span>
        <span>50%</span>
        <span>100%</span>
      </div>
    </div>
  );
}
