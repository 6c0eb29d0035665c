/** Which step is on screen, and how to go on: play, one step on or back, speed. */

import { pendingCount } from "../state/frames";
import { step, steps } from "../state/grid";
import { stepText } from "../state/number_format";
import { stepBy, togglePlaying } from "../state/player";
import { playing, speed } from "../state/settings";
import { Icon } from "./icons";
import { NewSteps } from "./NewSteps";

const SPEEDS = [1, 2, 4, 8];

export function Player() {
  const at = step.value;
  const place = at === null ? 0 : steps.value.indexOf(at) + 1;
  const waits = playing.value && pendingCount.value > 0;
  return (
    <div class="player">
      <div class="step-now">
        <span class="muted">Step</span>
        <output data-testid="step" data-step={at}>
          {at === null ? "–" : stepText(at)}
        </output>
        <span class="muted step-place">
          {waits ? "waiting for maps" : `${place} of ${steps.value.length}`}
          {!waits && place === steps.value.length && place > 0 ? ", newest" : ""}
        </span>
        <NewSteps />
      </div>
      <div class="player-buttons">
        <button
          type="button"
          class="icon-button"
          aria-label="Previous step"
          title="Previous step (left arrow)"
          data-testid="previous"
          disabled={place <= 1}
          onClick={() => stepBy(-1)}
        >
          <Icon name="previous" />
        </button>
        <button
          type="button"
          class="play-button"
          aria-label={playing.value ? "Pause" : "Play"}
          title={playing.value ? "Pause (space)" : "Play (space)"}
          data-testid="play"
          disabled={steps.value.length < 2}
          onClick={togglePlaying}
        >
          <Icon name={playing.value ? "pause" : "play"} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Next step"
          title="Next step (right arrow)"
          data-testid="next"
          disabled={place === steps.value.length}
          onClick={() => stepBy(1)}
        >
          <Icon name="next" />
        </button>
        <select
          class="speed"
          aria-label="Speed, steps a second"
          title="Speed, steps a second"
          data-testid="speed"
          value={speed.value}
          onChange={(event) => {
            speed.value = Number(event.currentTarget.value);
          }}
        >
          {SPEEDS.map((perSecond) => (
            <option key={perSecond} value={perSecond}>
              {perSecond}/s
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
