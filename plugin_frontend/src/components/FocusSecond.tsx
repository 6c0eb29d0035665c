/** Which map stands beside the large one: none yet, with one to compare at a click, or map B with its model and layer. */

import {
  chooseSecond,
  chooseSecondLayer,
  chooseSecondRow,
  closeSecond,
  swapMaps,
  usualSecond,
} from "../state/focus_choice";
import { focused } from "../state/grid";
import { LETTERS } from "../state/overlay";
import { rowNames } from "../state/rows";
import { allRows } from "../state/shown_rows";
import { Icon } from "./icons";

export function FocusSecond() {
  return focused.value?.length === 2 ? <Second /> : <NoSecond />;
}

function RowOptions() {
  const names = rowNames(allRows.value);
  return (
    <>
      {allRows.value.map((row) => (
        <option key={row.key} value={row.key}>
          {names.get(row.key)}
        </option>
      ))}
    </>
  );
}

function NoSecond() {
  const usual = usualSecond.value;
  return (
    <div class="focus-second">
      {usual !== null && (
        <button type="button" class="link-button" data-testid="compare-usual" onClick={() => chooseSecond(usual)}>
          Compare with {rowNames(allRows.value).get(usual.row.key)} · {usual.layer.name}
        </button>
      )}
      <select
        aria-label="Compare with the map of"
        data-testid="second-model"
        value=""
        onChange={(event) => chooseSecondRow(event.currentTarget.value)}
      >
        <option value="" disabled>
          {usual === null ? "Compare with…" : "or with…"}
        </option>
        <RowOptions />
      </select>
    </div>
  );
}

function Second() {
  const second = focused.value?.[1];
  if (second === undefined) return null;
  return (
    <div class="focus-second">
      <button
        type="button"
        class="icon-button"
        title="Swap A and B"
        aria-label="Swap A and B"
        data-testid="swap-maps"
        onClick={swapMaps}
      >
        <Icon name="swap" />
      </button>
      <b class="letter">{LETTERS[1]}</b>
      <select
        aria-label="Model of map B"
        data-testid="second-model"
        value={second.row.key}
        onChange={(event) => chooseSecondRow(event.currentTarget.value)}
      >
        <RowOptions />
      </select>
      <select
        aria-label="Layer of map B"
        data-testid="second-layer"
        value={second.layer.name}
        onChange={(event) => chooseSecondLayer(event.currentTarget.value)}
      >
        {second.row.model.layers.map((layer) => (
          <option key={layer.name} value={layer.name}>
            {layer.name}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="icon-button"
        title="Close map B"
        aria-label="Close map B"
        data-testid="close-second"
        onClick={closeSecond}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
