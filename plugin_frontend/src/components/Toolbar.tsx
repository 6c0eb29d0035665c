/** The slim bar on top: method, colour, which rows and layers, tool, view, selection. */

import { colorBy, colorChoices } from "../state/colors";
import { currentMethod } from "../state/maps";
import { overview } from "../state/server";
import { type ColorBy, camera, chosenColor, chosenMethod, selection, type Tool, tool } from "../state/settings";
import { LayersMenu, RowsMenu } from "./choice_menus";
import { Icon, type IconName } from "./icons";
import { ModeChoice } from "./ModeChoice";

const COLOR_NAMES: Readonly<Record<ColorBy, string>> = {
  label: "Label",
  prediction: "Prediction",
  correctness: "Right or wrong",
  confidence: "Confidence",
  changed: "True change",
  kept: "Map quality",
};

const TOOLS: readonly { readonly tool: Tool; readonly icon: IconName; readonly name: string; readonly hint: string }[] =
  [
    {
      tool: "pan",
      icon: "pan",
      name: "Move",
      hint: "Drag to move all maps, wheel to zoom. Shift and drag draws a lasso.",
    },
    { tool: "lasso", icon: "lasso", name: "Lasso", hint: "Draw a loop around samples to select them in every map." },
  ];

export function Toolbar() {
  return (
    <div class="toolbar">
      <div class="field">
        <Methods />
        <ModeChoice />
      </div>
      <label class="field">
        <span class="muted">Colour</span>
        <select
          data-testid="color-by"
          value={colorBy.value}
          onChange={(event) => {
            chosenColor.value = event.currentTarget.value as ColorBy;
          }}
        >
          {colorChoices.value.map((choice) => (
            <option key={choice} value={choice}>
              {COLOR_NAMES[choice]}
            </option>
          ))}
        </select>
      </label>
      <RowsMenu />
      <LayersMenu />
      <span class="spring" />
      <SelectionChip />
      <Tools />
      <button
        type="button"
        class="icon-button"
        title="Show the whole maps again (double click on a map)"
        aria-label="Reset zoom"
        data-testid="reset-view"
        disabled={camera.value === null}
        onClick={() => {
          camera.value = null;
        }}
      >
        <Icon name="home" />
      </button>
    </div>
  );
}

function Methods() {
  return (
    <fieldset class="segments" data-testid="methods">
      <legend class="unseen">Projection method</legend>
      {overview.value?.methods.map((method) => (
        <label key={method.name} class="segment" title={method.note}>
          <input
            type="radio"
            name="method"
            data-testid={`method-${method.name}`}
            checked={method.name === currentMethod.value?.name}
            onChange={() => {
              chosenMethod.value = method.name;
            }}
          />
          <span>{method.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Tools() {
  return (
    <fieldset class="segments">
      <legend class="unseen">What dragging on a map does</legend>
      {TOOLS.map((one) => (
        <label key={one.tool} class="segment icon-segment" title={one.hint}>
          <input
            type="radio"
            name="tool"
            aria-label={one.name}
            data-testid={`tool-${one.tool}`}
            checked={tool.value === one.tool}
            onChange={() => {
              tool.value = one.tool;
            }}
          />
          <span>
            <Icon name={one.icon} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function SelectionChip() {
  const count = selection.value.size;
  return (
    <div class="selection-chip" role="status" data-testid="selection-count" data-count={count}>
      {count > 0 && (
        <>
          <b>{count}</b> selected
          <button
            type="button"
            class="icon-button small"
            aria-label="Clear the selection (Escape)"
            title="Clear the selection (Escape)"
            data-testid="clear-selection"
            onClick={() => {
              selection.value = new Set();
            }}
          >
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  );
}
