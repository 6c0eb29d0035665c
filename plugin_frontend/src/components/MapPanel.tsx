/** One map: its header, what it waits for, and the place over the canvas that takes the pointer. */

import { openAlone } from "../state/focus_choice";
import { type PanelStatus, retry, statusOf } from "../state/frames";
import { isOverlay, type PanelInfo } from "../state/grid";
import { columnNames, likenessOf } from "../state/layer_matching";
import { shortLayerNames } from "../state/layer_names";
import { mapDimensions } from "../state/maps";
import { isOfOtherMaps, isStale } from "../state/motion";
import { stepText, valueText } from "../state/number_format";
import { type Letter, pointerPart } from "../state/overlay";
import { tool } from "../state/settings";
import { AxesMark } from "./AxesMark";
import { ExpandButton } from "./ExpandButton";
import { MapQuality } from "./MapQuality";
import { ReferencePin } from "./ReferencePin";
import { useMapPointer } from "./use_map_pointer";
import { WaitingMark } from "./WaitingMark";

interface Props {
  readonly panel: PanelInfo;
  /** It stands outside its row, so its header names the model too. */
  readonly isAlone?: boolean;
  /** Which of two it is. */
  readonly letter?: Letter | null;
}

export function MapPanel({ panel, isAlone = false, letter = null }: Props) {
  const { row, layer } = panel;
  const status = statusOf(panel);
  const stale = status.kind !== "ready" && isStale(panel);
  return (
    <section
      class="panel"
      aria-label={`Map of ${row.model.name} (${row.run}), layer ${layer.name}`}
      data-testid="panel"
      data-run={row.run}
      data-model={row.model.name}
      data-layer={layer.name}
      data-step={panel.step}
      data-status={status.kind}
    >
      <PanelHeader panel={panel} isAlone={isAlone} letter={letter} />
      <MapArea panel={panel} letter={letter} />
      {stale && <Veil panel={panel} status={status} />}
    </section>
  );
}

function PanelHeader({ panel, isAlone, letter }: Required<Props>) {
  const { row, layer } = panel;
  const name = shortLayerNames(row.model.layers.map((one) => one.name)).get(layer.name) ?? layer.name;
  const likeness = likenessOf(panel.rowIndex, panel.column);
  const why =
    likeness === null
      ? ""
      : `. Of this model's layers the most like the teacher's ${columnNames.value[panel.column ?? 0]}: linear CKA ${valueText(likeness.value)} at step ${stepText(likeness.step)}`;
  const shape = layer.shape.length > 1 ? `, ${layer.shape.join(" × ")} pooled by ${layer.pool}` : "";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the keyboard there is the button in it
    <header
      class="panel-header"
      onDblClick={(event) => {
        if (!isAlone && !(event.target as Element).closest("button")) openAlone(panel);
      }}
    >
      {letter !== null && <b class="letter">{letter}</b>}
      <h2 class={/[./]/.test(name) ? "layer-path" : ""} title={`${layer.name}: ${layer.dim} dimensions${shape}${why}`}>
        <bdi>{isAlone ? layer.name : name}</bdi>
      </h2>
      {isAlone && (
        <p class="panel-model muted">
          {row.model.name} ({row.run}), step {stepText(panel.step)}
        </p>
      )}
      <ReferencePin panel={panel} />
      {!isAlone && <ExpandButton panel={panel} />}
      <MapQuality panel={panel} />
    </header>
  );
}

function MapArea({ panel, letter }: { panel: PanelInfo; letter: Letter | null }) {
  const { handlers, outline } = useMapPointer(panel);
  // Of two maps in one place each takes the pointer where it is the one that is seen.
  const part = isOverlay.value ? pointerPart(letter === "B" ? 1 : 0) : "none";
  return (
    <div
      class={`map ${tool.value === "pan" ? "" : "map-lasso"} ${part === null ? "map-behind" : ""}`}
      style={{ clipPath: part ?? "none" }}
      data-testid="map"
      {...handlers}
    >
      {outline !== null && (
        <svg class="lasso" aria-hidden="true">
          <polygon points={outline.map(({ x, y }) => `${x},${y}`).join(" ")} />
        </svg>
      )}
      {mapDimensions.value === 3 && panel.rowIndex === 0 && panel.columnIndex === 0 && <AxesMark />}
    </div>
  );
}

function Veil({ panel, status }: { panel: PanelInfo; status: PanelStatus }) {
  if (status.kind === "ready") return null;
  if (status.kind === "failed") {
    return (
      <div class="veil veil-failed" role="alert" data-testid="veil">
        <p title={status.message}>{status.message}</p>
        <button type="button" class="text-button" onClick={() => retry(panel)}>
          Try again
        </button>
      </div>
    );
  }
  return (
    <div class={`veil ${isOfOtherMaps(panel) ? "veil-opaque" : ""}`} data-testid="veil">
      <WaitingMark of={panel.key} kind={status.kind} />
    </div>
  );
}
