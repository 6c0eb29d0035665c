/** A sample's true nearest neighbours in the embeddings of one column, model by model, and what of them a model has in common with the teacher. */

import { statusOf } from "../state/frames";
import { columnNames, columns, type PanelInfo, rows } from "../state/grid";
import { rowStyles } from "../state/row_styles";
import { rowNames } from "../state/rows";
import { neighbourColumn, type RowNeighbours, sampleNeighbours } from "../state/sample_neighbours";
import { probe } from "../state/server";
import { chosenNeighbourColumn, hovered } from "../state/settings";
import { inspect } from "../state/side_column";
import { nameOfTeacher, pupils, teacherOfRow } from "../state/teachers";
import { LineSample } from "./LineSample";
import { pointedOut } from "./pointed_out";
import { nameOf } from "./SelectionPictures";
import { Thumbnail } from "./Thumbnail";

const SIZE = 24;

export function SampleNeighboursPart() {
  const all = sampleNeighbours.value;
  const anyShared = all.some(({ shared }) => shared !== null);
  return (
    <section class="inspector-part" aria-label="True nearest neighbours" data-testid="sample-neighbours">
      <div class="inspector-part-head">
        <h3>True neighbours in</h3>
        <select
          aria-label="Layers whose neighbours show"
          data-testid="neighbour-column"
          value={neighbourColumn.value}
          onChange={(event) => {
            chosenNeighbourColumn.value = Number(event.currentTarget.value);
          }}
        >
          {columnNames.value.slice(0, columns.value.count).map((name, i) => (
            <option key={name} value={i}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {all.map((one) => (
        <OfRow key={one.row.key} neighbours={one} />
      ))}
      <p class="muted inspector-note">
        Nearest first, in the embedding itself
        {anyShared ? `; framed: near it in ${pupils.value.length > 1 ? "its" : "the"} teacher's too.` : "."}
      </p>
    </section>
  );
}

function OfRow({ neighbours: { row, panel, nearest, shared, isTied } }: { neighbours: RowNeighbours }) {
  const style = rowStyles(rows.value).get(row.key);
  const teacher = teacherOfRow(row);
  const named = teacher === null ? null : nameOfTeacher(teacher);
  const theirs = named === null ? "the teacher's" : `${named}'s`;
  const differs = panel !== null && panel.layer.name !== columnNames.value[neighbourColumn.value];
  return (
    <div
      class="row-neighbours"
      data-testid="row-neighbours"
      data-run={row.run}
      data-model={row.model.name}
      data-layer={panel?.layer.name}
      data-shared={shared?.size}
    >
      <div class="row-neighbours-head">
        {style && <LineSample style={style} />}
        <span class="row-neighbours-name" title={`${row.model.name} · ${row.run}`}>
          {rowNames(rows.value).get(row.key)}
          {differs && <span class="muted"> {panel.layer.name}</span>}
        </span>
        {nearest !== null && shared !== null && !isTied && (
          <span class="row-neighbours-shared" title={`How many of them are among ${theirs} nearest, too`}>
            <b>{shared.size}</b> of {nearest.length} shared<span class="where-wide"> with {theirs}</span>
          </span>
        )}
      </div>
      {panel === null ? (
        <p class="muted inspector-note">No layer here.</p>
      ) : nearest === null ? (
        <NotKnown panel={panel} />
      ) : (
        <ol class="neighbours">
          {nearest.map((sample, i) => (
            <Neighbour key={sample} sample={sample} rank={i + 1} isShared={!isTied && shared?.has(sample) === true} />
          ))}
        </ol>
      )}
      {isTied && (
        <p class="muted inspector-note" data-testid="tied">
          More samples are just as near as the last of these: who is listed is chance, so nothing is compared.
        </p>
      )}
    </div>
  );
}

/** True neighbours come with a map. */
function NotKnown({ panel }: { panel: PanelInfo }) {
  const status = statusOf(panel);
  return (
    <p class="muted inspector-note" data-testid="neighbours-unknown">
      {status.kind === "failed"
        ? `Not known: its map could not be computed. ${status.message}`
        : "Not known yet: its map is being computed."}
    </p>
  );
}

function Neighbour({ sample, rank, isShared }: { sample: number; rank: number; isShared: boolean }) {
  const known = probe.value;
  return (
    <li>
      <button
        type="button"
        class={`picture neighbour ${isShared ? "shared" : ""}`}
        data-testid="neighbour"
        data-sample={sample}
        data-shared={isShared}
        aria-label={`Nearest ${rank}: ${nameOf(sample)}${isShared ? ", shared with its teacher's" : ""}. Inspect`}
        {...pointedOut(sample)}
        onClick={() => {
          inspect(sample);
          hovered.value = null;
        }}
      >
        {known?.thumbnails ? <Thumbnail sample={sample} size={SIZE} /> : known?.ids[sample]}
      </button>
    </li>
  );
}
