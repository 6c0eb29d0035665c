/** What is known of a sample: picture, id, label, and what each model on screen predicts for it. */

import { className } from "../state/classes";
import { classColors, colorBy, correctness, cssColor } from "../state/colors";
import { rows } from "../state/grid";
import { shown } from "../state/motion";
import { percent } from "../state/number_format";
import { outputsOf } from "../state/outputs";
import { type Row, rowNames } from "../state/rows";
import { probe } from "../state/server";
import { hovered, hoveredPanel, pointer } from "../state/settings";
import { Icon } from "./icons";
import { Thumbnail } from "./Thumbnail";

/** Beside the pointer, on whichever side has room; it never takes the pointer itself. */
export function HoverCard() {
  const sample = hovered.value;
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
      <SampleFacts sample={sample} />
      <OnThisMap sample={sample} />
    </div>
  );
}

/** What the sample's colour says in numbers, where that is of the map under the pointer alone. */
function OnThisMap({ sample }: { sample: number }) {
  const frame = shown.value.get(hoveredPanel.value ?? "")?.frame;
  const by = colorBy.value;
  if (frame === undefined || (by !== "changed" && by !== "kept")) return null;
  const share = frame[by]?.[sample];
  return (
    <p class="on-this-map" data-testid="sample-share">
      {share === undefined ? (
        "No step before to compare with"
      ) : (
        <>
          <b>{percent(share)}</b> of its neighbours {by === "changed" ? "are new here" : "are near on this map"}
        </>
      )}
    </p>
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
