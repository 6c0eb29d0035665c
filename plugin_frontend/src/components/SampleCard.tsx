/** What is known of a sample: picture, id, label, and what each model on screen predicts for it. */

import { useMemo } from "preact/hooks";
import { className } from "../state/classes";
import { colorBy } from "../state/color_column";
import { classColors, cssColor } from "../state/colors";
import { rows } from "../state/grid";
import { percent } from "../state/number_format";
import { outputsOf } from "../state/outputs";
import { type Row, rowNames } from "../state/rows";
import { textsOf } from "../state/sample_text";
import { correctness } from "../state/sample_values";
import { probe } from "../state/server";
import { hovered, pointer } from "../state/settings";
import { ColorReading } from "./ColorReading";
import { Icon } from "./icons";
import { NearOnThisMap } from "./NearOnThisMap";
import { Thumbnail } from "./Thumbnail";

/** Beside the pointer, on whichever side has room; it never takes the pointer itself. */
export function HoverCard() {
  const sample = hovered.value;
  // The same elements while the pointer stays on one sample: only the card's place follows its every move.
  const facts = useMemo(
    () =>
      sample === null ? null : (
        <>
          <SampleFacts sample={sample} />
          <NearOnThisMap sample={sample} />
          <ColorReading sample={sample} />
        </>
      ),
    [sample],
  );
  if (sample === null || probe.value === null) return null;
  const { x, y } = pointer.value;
  const toLeft = x > window.innerWidth / 2;
  const above = y > window.innerHeight / 2;
  const style = {
    [toLeft ? "right" : "left"]: `${toLeft ? window.innerWidth - x + 18 : x + 18}px`,
    [above ? "bottom" : "top"]: `${above ? window.innerHeight - y + 14 : y + 14}px`,
  };
  return (
    <div class="hover-card" style={style} data-testid="sample-card" data-sample={sample}>
      {facts}
    </div>
  );
}

export function SampleFacts({ sample }: { sample: number }) {
  const known = probe.value;
  if (known === null) return null;
  const label = known.labels?.[sample];
  return (
    <div class="sample-facts">
      <div class="sample-head">
        <Thumbnail sample={sample} size={56} />
        <div>
          {label !== undefined && (
            <div class="sample-label" data-testid="sample-label">
              {colorBy.value === "label" && <ClassSwatch label={label} />}
              {className(known, label)}
            </div>
          )}
          <div class="muted" data-testid="sample-id">
            id {known.ids[sample]}
          </div>
        </div>
      </div>
      {textsOf(sample).map(([name, text]) => (
        <p key={name} class="card-text" data-testid="card-text">
          {text}
        </p>
      ))}
      <table class="predictions">
        <tbody>
          {rows.value.map((row) => (
            <Prediction key={row.key} row={row} sample={sample} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ClassSwatch({ label }: { label: number }) {
  return <span class="swatch" style={{ background: cssColor(classColors.value.get(label)) }} />;
}

function Prediction({ row, sample }: { row: Row; sample: number }) {
  const known = probe.value;
  const outputs = outputsOf(row);
  const predicted = outputs?.prediction?.[sample];
  const right = correctness(outputs, known?.labels ?? null, sample);
  return (
    <tr data-testid="prediction" data-right={right}>
      <th scope="row">{rowNames(rows.value).get(row.key)}</th>
      <td class={right === null ? "" : right ? "right" : "wrong"}>
        {right !== null && <Icon name={right ? "check" : "cross"} />}
        <span class="unseen">{right === null ? "" : right ? "right: " : "wrong: "}</span>
        {known === null || predicted === undefined ? "–" : className(known, predicted)}
      </td>
      <td class="number muted">{percent(outputs?.confidence?.[sample])}</td>
    </tr>
  );
}
