/** One line under the toolbar: onto which reference the maps are laid, how they are made, and how far the computing is. */

import { framesError, pendingCount, progress } from "../state/frames";
import { currentMethod, reference } from "../state/grid";
import { secondsText, stepText } from "../state/number_format";
import { connectionError, probeError } from "../state/server";
import { Icon } from "./icons";

const MODE_NAMES: Readonly<Record<string, string>> = {
  readout: "Neighbour read-out",
  independent: "Independent",
  anchored: "Anchored",
  rigid: "Rigid fit",
};

export function ReferenceNote() {
  const method = currentMethod.value;
  const map = reference.value;
  return (
    <div class="note">
      <p
        class="note-text"
        data-testid="reference-note"
        title={`${method?.label ?? ""}: ${method?.note ?? ""} ${method?.mode_note ?? ""}`}
      >
        {map !== null && (
          <span class="note-part" title={`Run ${map[0]}, step ${stepText(map[3])}`}>
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
            <b>{MODE_NAMES[method.mode] ?? method.mode}</b> <span class="muted">{method.mode_note}</span>
          </>
        )}
      </p>
      <Computing />
    </div>
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
