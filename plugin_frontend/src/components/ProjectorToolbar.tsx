/** The Projector's own controls: method, colour; and at the right selection, tool and zoom. */

import { currentMethod } from "../state/maps";
import { overview } from "../state/server";
import { camera, chosenMethod, type Tool, tool } from "../state/settings";
import { ColorMenu } from "./ColorMenu";
import { Icon } from "./icons";
import { type Segment, Segments } from "./Segments";
import { SelectMenu } from "./SelectMenu";

const TOOLS: readonly Segment<Tool>[] = [
  {
    value: "pan",
    label: <Icon name="pan" />,
    name: "Move",
    hint: "Drag to move all maps, wheel to zoom. A drag with Shift adds by lasso, with Alt it takes away.",
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
