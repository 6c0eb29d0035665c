/** The column at the right: the legend on top, below it what is about samples: the list of those selected, the inspector of one. */

import { useState } from "preact/hooks";
import { colorColumn } from "../state/color_column";
import { rows } from "../state/grid";
import { probe } from "../state/server";
import { chosenView, inspected, selection, sideHidden, sidePart } from "../state/settings";
import { holdsBoth } from "../state/side_column";
import { AboutSide } from "./AboutSide";
import { HeatLegend } from "./HeatLegend";
import { Inspector } from "./Inspector";
import { IsolatedChip } from "./IsolatedChip";
import { Icon } from "./icons";
import { Legend } from "./Legend";
import { LinesLegend } from "./LinesLegend";
import { Segments } from "./Segments";
import { SelectionList } from "./SelectionList";
import { SideSeparator } from "./SideSeparator";
import { useSize } from "./use_size";

const ID = "side-column";

export function Side() {
  if (sideHidden.value) return <HiddenSide />;
  return (
    <aside class="side" id={ID} aria-label="Legend and samples" data-testid="side">
      <SideSeparator controls={ID} />
      <button
        type="button"
        class="icon-button small side-hide"
        aria-label="Hide this column"
        title="Hide this column"
        data-testid="side-hide"
        onClick={() => {
          sideHidden.value = true;
        }}
      >
        <Icon name="chevron" />
      </button>
      {chosenView.value === "projector" ? <Parts /> : <div class="side-legend">{legendOfView()}</div>}
    </aside>
  );
}

function legendOfView() {
  if (chosenView.value === "measures") return <LinesLegend />;
  if (chosenView.value === "similarity") return <HeatLegend />;
  return <AboutSide />;
}

function HiddenSide() {
  return (
    <aside class="side side-hidden" aria-label="Legend and samples">
      <button
        type="button"
        class="icon-button small"
        aria-label="Show legend and samples"
        title="Show legend and samples"
        data-testid="side-show"
        onClick={() => {
          sideHidden.value = false;
        }}
      >
        <Icon name="chevron" />
      </button>
    </aside>
  );
}

/** In a low column list and inspector take turns. */
function Parts() {
  const [box, { height }] = useSize<HTMLDivElement>();
  const both = holdsBoth(height);
  const hasList = selection.value.size > 0;
  const sample = inspected.value;
  const showsSample = sample !== null && sidePart.value === "sample";
  const isEmpty = probe.value === null || rows.value.length === 0 || (!hasList && sample === null);
  const part = isEmpty ? "" : both ? "side-both" : "side-turns";
  const [heldPart, hold] = useState<string | null>(null);
  return (
    <div ref={box} class={`side-parts ${part}`}>
      <div
        class={`side-legend ${(heldPart ?? part) === "" ? "" : "side-legend-wide"}`}
        style={{ "--legend-entry": `${entryWidth()}px` }}
        // Its entries keep their places while the pointer is among them: no click may land on another than was aimed at.
        onPointerEnter={() => hold(part)}
        onPointerLeave={() => hold(null)}
      >
        <IsolatedChip />
        <Legend />
      </div>
      {isEmpty ? (
        <p class="muted side-hint">Click a point to see what is known of it, or draw a lasso round many.</p>
      ) : (
        <>
          {!both && <Turns />}
          {(both ? hasList : !showsSample) && <SelectionList isTitled={both} />}
          {sample !== null && (both || showsSample) && <Inspector sample={sample} />}
        </>
      )}
    </div>
  );
}

/** What a legend's entry needs for swatch, name and count, roughly; long names are cut short. */
function entryWidth(): number {
  const names = colorColumn.value.categories().map(({ name }) => name.length);
  return Math.min(200, 66 + 7 * names.reduce((a, b) => Math.max(a, b), 1));
}

function Turns() {
  const sample = inspected.value;
  return (
    <div class="side-turn">
      <Segments
        legend="What shows below the legend"
        name="side-part"
        value={sample === null ? "selection" : sidePart.value}
        segments={[
          {
            value: "selection",
            label: <Turn name="Selection" more={selection.value.size.toLocaleString("en")} />,
            hint: "The selected samples",
            testid: "part-selection",
          },
          {
            value: "sample",
            label: "Sample",
            hint: "All that is known of one sample",
            testid: "part-sample",
          },
        ]}
        onChange={(part) => {
          sidePart.value = part;
        }}
      />
    </div>
  );
}

function Turn({ name, more }: { name: string; more: string }) {
  return (
    <>
      {name} <small class="turn-more">{more}</small>
    </>
  );
}
