/** One line under the toolbar: onto which reference the maps are laid, how they are made, and how far the computing is. */

import { framesError, pendingCount, progress } from "../state/frames";
import { currentMethod, reference } from "../state/grid";
import { secondsText, stepText } from "../state/number_format";
import { connectionError, probeError } from "../state/server";
import { Explanation } from "./Explanation";
import { Icon } from "./icons";
import { KEPT_MEANS, KNN_MEANS } from "./MapPanel";

const MODE_NAMES: Readonly<Record<string, string>> = {
  readout: "Neighbour read-out",
  independent: "Independent",
  anchored: "Anchored",
  rigid: "Rigid fit",
};

const modeName = (mode: string) => MODE_NAMES[mode] ?? mode;

export function ReferenceNote() {
  const method = currentMethod.value;
  const map = reference.value;
  return (
    <div class="note">
      <Explanation of="these maps" testid="explain-maps">
        <AboutMaps />
      </Explanation>
      <p class="note-text" data-testid="reference-note">
        {map !== null && (
          <span class="note-part">
            <span class="pin">
              <Icon name="pin" />
            </span>{" "}
            Reference map{" "}
            <b>
              {map[1]} · {map[2]}
            </b>
          </span>
        )}
        {method !== null && (
          <>
            <b>{modeName(method.mode)}</b> <span class="muted">{method.mode_note}</span>
          </>
        )}
      </p>
      <Computing />
    </div>
  );
}

function AboutMaps() {
  const method = currentMethod.value;
  const map = reference.value;
  return (
    <dl>
      {map !== null && (
        <>
          <dt>Reference map</dt>
          <dd>
            {map[1]} · {map[2]}, of run {map[0]}, at step {stepText(map[3])}. All maps are laid onto it, so a sample's
            place can be compared from map to map.
          </dd>
        </>
      )}
      {method !== null && (
        <>
          <dt>{method.label}</dt>
          <dd>{method.note}</dd>
          <dt>{modeName(method.mode)}</dt>
          <dd>{method.mode_note}</dd>
        </>
      )}
      <dt>kNN, in each map's header</dt>
      <dd>{KNN_MEANS}</dd>
      <dt>map, in each map's header</dt>
      <dd>{KEPT_MEANS}</dd>
    </dl>
  );
}

function Computing() {
  const trouble = connectionError.value ?? probeError.value ?? framesError.value;
  if (trouble !== null) {
    return (
      <p class="trouble" role="alert" data-testid="trouble">
        <Icon name="warning" /> {trouble} Trying again.
      </p>
    );
  }
  if (pendingCount.value === 0) return <p class="computing" role="status" data-testid="computing" data-pending={0} />;
  const now = progress.value;
  const total = now === null ? 0 : now.queued + now.running + now.done + now.failed;
  const done = now === null ? 0 : now.done + now.failed;
  const left = now?.seconds_left;
  return (
    <p class="computing" role="status" data-testid="computing" data-pending={pendingCount.value}>
      {total > 0 && <progress max={total} value={done} aria-label="Maps computed" />}
      {total > 0 ? `Computing maps: ${done} of ${total}` : `Asking for ${pendingCount.value} maps`}
      {left !== null && left !== undefined && `, ${secondsText(left)} left`}
    </p>
  );
}
