/** Over the large maps: the way back, which map is the second, how the two show, and how alike their layers are. */

import { useEffect, useRef } from "preact/hooks";
import {
  chooseSecond,
  chooseSecondLayer,
  chooseSecondRow,
  closeSecond,
  swapMaps,
  usualSecond,
} from "../state/focus_choice";
import { focused, isOverlay } from "../state/grid";
import { front, LETTERS } from "../state/overlay";
import { pairReading } from "../state/pair_reading";
import { rowNames } from "../state/rows";
import { type FocusLayout, focusLayout, type OverlayBy, overlayBy, overlayShare } from "../state/settings";
import { allRows } from "../state/shown_rows";
import { backToAllMaps } from "../state/views";
import { Icon } from "./icons";
import { type Segment, Segments } from "./Segments";

const LAYOUTS: readonly Segment<FocusLayout>[] = [
  { value: "side", label: "Side by side", hint: "A at the left, B at the right", testid: "layout-side" },
  { value: "overlay", label: "Overlay", hint: "B over A, sample over sample", testid: "layout-overlay" },
];
const OVERLAYS: readonly Segment<OverlayBy>[] = [
  { value: "wipe", label: "Wipe", hint: "A line to drag parts them: A at its left, B at its right", testid: "by-wipe" },
  { value: "blend", label: "Blend", hint: "Both at once, one pale beneath the other", testid: "by-blend" },
];

export function FocusBar() {
  const bar = useRef<HTMLElement>(null);
  // Whoever came by the keyboard goes on from here.
  useEffect(() => bar.current?.focus(), []);
  const maps = focused.value ?? [];
  const names = maps.map(({ row, layer }) => `${row.model.name} · ${layer.name}`);
  return (
    <section ref={bar} class="focus-bar" tabIndex={-1} aria-label={`Maps of ${names.join(" and ")}`}>
      <button
        type="button"
        class="back-button"
        title="Back to all maps (Escape)"
        data-testid="back-to-all"
        onClick={backToAllMaps}
      >
        <Icon name="back" /> Back to all maps
      </button>
      {maps.length === 2 ? <Second /> : <NoSecond />}
      {maps.length === 2 && <Layout />}
      <Reading />
    </section>
  );
}

function RowOptions() {
  const names = rowNames(allRows.value);
  return (
    <>
      {allRows.value.map((row) => (
        <option key={row.key} value={row.key}>
          {names.get(row.key)}
        </option>
      ))}
    </>
  );
}

function NoSecond() {
  const usual = usualSecond.value;
  return (
    <div class="focus-second">
      {usual !== null && (
        <button type="button" class="link-button" data-testid="compare-usual" onClick={() => chooseSecond(usual)}>
          Compare with {rowNames(allRows.value).get(usual.row.key)} · {usual.layer.name}
        </button>
      )}
      <select
        aria-label="Compare with the map of"
        data-testid="second-model"
        value=""
        onChange={(event) => chooseSecondRow(event.currentTarget.value)}
      >
        <option value="" disabled>
          {usual === null ? "Compare with…" : "or with…"}
        </option>
        <RowOptions />
      </select>
    </div>
  );
}

function Second() {
  const second = focused.value?.[1];
  if (second === undefined) return null;
  return (
    <div class="focus-second">
      <button
        type="button"
        class="icon-button"
        title="Swap A and B"
        aria-label="Swap A and B"
        data-testid="swap-maps"
        onClick={swapMaps}
      >
        <Icon name="swap" />
      </button>
      <b class="letter">{LETTERS[1]}</b>
      <select
        aria-label="Model of map B"
        data-testid="second-model"
        value={second.row.key}
        onChange={(event) => chooseSecondRow(event.currentTarget.value)}
      >
        <RowOptions />
      </select>
      <select
        aria-label="Layer of map B"
        data-testid="second-layer"
        value={second.layer.name}
        onChange={(event) => chooseSecondLayer(event.currentTarget.value)}
      >
        {second.row.model.layers.map((layer) => (
          <option key={layer.name} value={layer.name}>
            {layer.name}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="icon-button"
        title="Close map B"
        aria-label="Close map B"
        data-testid="close-second"
        onClick={closeSecond}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function Layout() {
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

function Reading() {
  const reading = pairReading.value;
  if (reading === null) return null;
  return (
    <p class="focus-reading" data-testid="pair-reading" title={reading.direction}>
      <span class="muted">{reading.label} of the two layers</span> <b>{reading.value}</b>{" "}
      <span class="muted">{reading.direction}</span>
    </p>
  );
}
