/** The sheet "Show": what lies beside the points on every map, each with what it says in one sentence. */

import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { ghost } from "../state/ghost";
import { steps } from "../state/grid";
import { stepText } from "../state/number_format";
import { contours, fadeByQuality, ghostStep, neighbourLines, selection, trails } from "../state/settings";
import { MOST_TRAILS, reach, trailed } from "../state/trails";
import { Menu } from "./Menu";

const OPTIONS: readonly ReadonlySignal<boolean>[] = [trails, neighbourLines, fadeByQuality, contours];

export function ShowMenu() {
  const count = OPTIONS.filter((option) => option.value).length + Number(ghost.value !== null);
  return (
    <Menu label="Show" value={count === 0 ? "points only" : `${count} on`} testid="show" class="show-sheet">
      <p class="sheet-title">Over the steps</p>
      <Option option={trails} name="Trails" testid="show-trails">
        <TrailsText />
      </Option>
      <GhostChoice />
      <p class="sheet-title">What to trust</p>
      <Option option={neighbourLines} name="Lines to true neighbours" testid="show-neighbours">
        From the sample under the pointer to its nearest in the embedding itself, wherever each map put them.
      </Option>
      <Option option={fadeByQuality} name="Fade by map quality" testid="show-fade">
        Samples whose true neighbours are not near them on the map are pale.
      </Option>
      <p class="sheet-title">Crowds</p>
      <Option option={contours} name="Density contours" testid="show-contours">
        Lines of equal density show where samples crowd, class by class.
      </Option>
    </Menu>
  );
}

interface OptionProps {
  readonly option: Signal<boolean>;
  readonly name: string;
  readonly testid: string;
  readonly children: ComponentChildren;
}

function Option({ option, name, testid, children }: OptionProps) {
  return (
    <label class="choice show-choice">
      <input
        type="checkbox"
        data-testid={testid}
        checked={option.value}
        onChange={() => {
          option.value = !option.value;
        }}
      />
      <span>
        {name}
        <span class="show-text muted" data-testid={`${testid}-text`}>
          {children}
        </span>
      </span>
    </label>
  );
}

/** Which samples have trails: not always all that are selected. */
function TrailsText() {
  const back = reach.value === 1 ? "since the logged step before" : `over the last ${reach.value} logged steps`;
  const { size } = selection.value;
  if (size === 0) return <>Where the selected samples came from, {back}. Select some to see theirs.</>;
  if (!trails.value || size <= MOST_TRAILS) return <>Where the selected samples came from, {back}.</>;
  return (
    <>
      Where samples came from, {back}: the {trailed.value.length} that moved the furthest of the {size} selected.
    </>
  );
}

function GhostChoice() {
  return (
    <div class="choice show-choice">
      <span>
        <label class="ghost-choice">
          Ghost of step
          <select
            data-testid="ghost-step"
            value={ghost.value ?? ""}
            onChange={({ currentTarget: { value } }) => {
              ghostStep.value = value === "" ? null : Number(value);
            }}
          >
            <option value="">none</option>
            {steps.value.map((step) => (
              <option key={step} value={step}>
                {stepText(step)}
              </option>
            ))}
          </select>
        </label>
        <span class="show-text muted">
          Where all samples are at that step, pale beneath the maps. Also by <kbd>G</kbd>, at the step on screen, and by{" "}
          <kbd>Shift</kbd> and a click on the slider.
        </span>
      </span>
    </div>
  );
}
