/** Saves what is on screen as a picture: all maps or one of them, as PNG or SVG, with all that explains it. */

import { useState } from "preact/hooks";
import { svgPicture } from "../drawing/svg_picture";
import { focused, type PanelInfo } from "../state/grid";
import { dark } from "../state/host_page";
import { comingMaps, pictureName, pictureOf, picturePanels } from "../state/picture";
import { Icon } from "./icons";
import { PNG_SCALE, pngOf } from "./png_of_svg";
import { saveFile } from "./save_file";
import { useSheet } from "./use_sheet";

const KINDS = ["png", "svg"] as const;

export function PictureMenu() {
  const { buttonProps, sheetProps, isOpen } = useSheet();
  return (
    <>
      <button
        {...buttonProps}
        type="button"
        class="icon-button"
        aria-label="Save a picture"
        title="Save a picture of the maps"
        data-testid="picture"
      >
        <Icon name="picture" />
      </button>
      <div {...sheetProps} class="sheet picture-sheet" data-testid="picture-sheet">
        {isOpen && <Choices />}
      </div>
    </>
  );
}

const nameOf = ({ row, layer }: PanelInfo) => `${row.model.name} (${row.run}) · ${layer.name}`;

const comingText = (count: number) => `${count === 1 ? "1 map is" : `${count} maps are`} still being computed`;

function Choices() {
  const [key, setKey] = useState("");
  const [light, setLight] = useState(true);
  const [state, setState] = useState<"" | "busy" | { readonly failed: string }>("");
  const panels = picturePanels.value;
  const wish = { panel: panels.some((panel) => panel.key === key) ? key : null, light };
  const coming = comingMaps(wish.panel);
  const save = async (kind: (typeof KINDS)[number]) => {
    setState("busy");
    try {
      const picture = pictureOf(wish);
      if (picture === null) throw new Error("no map is there yet");
      const svg = svgPicture(picture);
      const name = `${pictureName(wish)}.${kind}`;
      if (kind === "svg") saveFile(new Blob([svg], { type: "image/svg+xml" }), name);
      else saveFile(await pngOf(svg, picture.width, picture.height), name);
      setState("");
    } catch (error) {
      setState({ failed: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <div class="picture-choices">
      <label class="picture-field">
        <span class="muted">Picture of</span>
        <select
          data-testid="picture-of"
          value={wish.panel ?? ""}
          onChange={(event) => setKey(event.currentTarget.value)}
        >
          <option value="">{focused.value === null ? `all ${panels.length} maps` : "what is in focus"}</option>
          {panels.map((panel) => (
            <option key={panel.key} value={panel.key}>
              {nameOf(panel)}
            </option>
          ))}
        </select>
      </label>
      {dark.value && (
        <label class="picture-field">
          <input
            type="checkbox"
            data-testid="picture-light"
            checked={light}
            onChange={(event) => setLight(event.currentTarget.checked)}
          />
          On white, in the light theme's colours
        </label>
      )}
      <p class="picture-buttons">
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            class="plain-button"
            data-testid={`save-${kind}`}
            disabled={state === "busy" || coming > 0}
            aria-describedby="picture-status"
            onClick={() => save(kind)}
          >
            Save {kind.toUpperCase()}
          </button>
        ))}
        <span id="picture-status" class="muted" role="status" data-testid="picture-status">
          {state === "busy" ? "Drawing…" : coming > 0 ? comingText(coming) : ""}
        </span>
      </p>
      {typeof state === "object" && (
        <p class="wrong" role="alert">
          The picture cannot be made: {state.failed}.
        </p>
      )}
      <p class="muted picture-text">
        With layers, figures, step, method, reference and legend. PNG has {PNG_SCALE} pixels to each on screen; in SVG
        every point is a shape that other programs can change.
      </p>
    </div>
  );
}
