/** One line under the toolbar: onto which reference the maps are laid, how they are made, and how far the computing is. */

import { pendingCount, progress } from "../state/frames";
import {
  backToDefaultReference,
  currentMethod,
  currentMode,
  defaultReference,
  isDefaultReference,
  MISLEADING_MODE,
  reference,
} from "../state/maps";
import { modeName } from "../state/mode_names";
import { secondsText } from "../state/number_format";
import { KEPT_MEANS, KNN_MEANS } from "../state/quality";
import { referenceName } from "../state/reference_name";
import { computing } from "../state/waiting";
import { Explanation } from "./Explanation";
import { Icon } from "./icons";
import { ModeChoice } from "./ModeChoice";
import { Trouble, troubleNow } from "./Trouble";

export function ReferenceNote() {
  const mode = currentMode.value;
  return (
    <div class="note">
      <Explanation of="these maps" testid="explain-maps">
        <AboutMaps />
      </Explanation>
      {reference.value !== null && <Reference />}
      {mode?.name === MISLEADING_MODE ? (
        <p class="caution" data-testid="caution">
          <Icon name="warning" />
          <ModeChoice /> {mode.note}
        </p>
      ) : (
        mode !== null && (
          <p class="note-text" data-testid="mode-note">
            <ModeChoice /> <span class="muted">{mode.note}</span>
          </p>
        )
      )}
      <Computing />
    </div>
  );
}

function Reference() {
  return (
    <p class="note-reference" data-testid="reference-note">
      <span class="pin">
        <Icon name="pin" />
      </span>{" "}
      Reference map <b>{referenceName(reference.value)}</b>
      {!isDefaultReference.value && (
        <button type="button" class="link-button" data-testid="default-reference" onClick={backToDefaultReference}>
          Back to {referenceName(defaultReference.value)}
        </button>
      )}
    </p>
  );
}

function AboutMaps() {
  const method = currentMethod.value;
  const mode = currentMode.value;
  const map = reference.value;
  return (
    <dl>
      {map !== null && (
        <>
          <dt>Reference map</dt>
          <dd>
            {referenceName(map)}, of run {map[0]}. All maps are laid onto it, so a sample's place can be compared from
            map to map. The pin in a map's header makes that map the reference.
          </dd>
        </>
      )}
      {method !== null && (
        <>
          <dt>{method.label}</dt>
          <dd>{method.note}</dd>
        </>
      )}
      {mode !== null && (
        <>
          <dt>{modeName(mode.name)}</dt>
          <dd>{mode.note}</dd>
        </>
      )}
      <dt>kNN, in each map's header</dt>
      <dd>{KNN_MEANS} Higher is better.</dd>
      <dt>map, in each map's header</dt>
      <dd>{KEPT_MEANS} Higher is better.</dd>
    </dl>
  );
}

function Computing() {
  if (troubleNow() !== null) return <Trouble />;
  if (pendingCount.value === 0) return <p class="computing" role="status" data-testid="computing" data-pending={0} />;
  const share = computing.value;
  const left = progress.value?.seconds_left;
  return (
    <p class="computing" role="status" data-testid="computing" data-pending={pendingCount.value}>
      {share === null ? (
        `Asking for ${pendingCount.value} maps`
      ) : (
        <>
          <progress max={share.total} value={share.done} aria-label="Maps computed" />
          <span title={`${share.done} of ${share.total} maps. Those on screen come first; what is there can be used.`}>
            Still computing: {share.percent}%{typeof left === "number" && `, ${secondsText(left)} left`}
          </span>
        </>
      )}
    </p>
  );
}
