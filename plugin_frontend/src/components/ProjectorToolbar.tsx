/** The Projector's own controls: method, colour; and at the right selection, tool and zoom. */

import { batch } from "@preact/signals";
import { goHome, isHome } from "../state/home_view";
import { currentMethod, mapDimensions } from "../state/maps";
import { overview } from "../state/server";
import { chosenMethod, type Tool, tool } from "../state/settings";
import { ColorMenu } from "./ColorMenu";
import { DimensionsChoice } from "./DimensionsChoice";
import { Icon } from "./icons";
import { type Segment, Segments } from "./Segments";
import { SelectMenu } from "./SelectMenu";

const TOOLS: readonly Segment<Tool>[] = [
  {
    value: "pan",
    label: <Icon name="pan" />,
    name: "Move",
    hint: "Drag to move all maps (maps of three dimensions turn, and move with Ctrl), wheel to zoom. A drag with Shift adds by lasso, with Alt it takes away.",
    testid: "tool-pan",
  },
  {
    value: "lasso",
    label: <Icon name="lasso" />,
    name: "Lasso",
    hint: "Draw a loop around samples to select them in every map. Shift adds, Alt takes away.",
    testid: "tool-lasso",
  },
  {
    value: "rectangle",
    label: <Icon name="rectangle" />,
    name: "Rectangle",
    hint: "Drag a rectangle around samples to select them in every map. Shift adds, Alt takes away.",
    testid: "tool-rectangle",
  },
];

export function ProjectorToolbar() {
  return (
    <>
      <Methods />
      <DimensionsChoice />
      <ColorMenu />
    </>
  );
}

export function ProjectorTools() {
  return (
    <div class="tools">
      <SelectMenu />
      <Segments
        legend="What dragging on a map does"
        name="tool"
        segments={TOOLS}
        value={tool.value}
        onChange={(chosen) => {
          tool.value = chosen;
        }}
      />
      <button
        type="button"
        class="icon-button"
        title={`Show the whole maps again${mapDimensions.value === 3 ? ", turned as at first" : ""} (double click on a map)`}
        aria-label="Reset zoom"
        data-testid="reset-view"
        disabled={isHome.value}
        onClick={() => batch(goHome)}
      >
        <Icon name="home" />
      </button>
    </div>
  );
}

function Methods() {
  const segments = (overview.value?.methods ?? []).map(({ name, label, note }) => ({
    value: name,
    label,
    hint: note,
    testid: `method-${name}`,
  }));
  return (
    <Segments
      legend="Projection method"
      name="method"
      segments={segments}
      value={currentMethod.value?.name ?? null}
      onChange={(name) => {
        chosenMethod.value = name;
      }}
    />
  );
}
