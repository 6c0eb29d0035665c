/** Of the sample under the pointer (else the inspected one): which of its two points is A's and which is B's. */

import { contains, toCanvas, visibleRect } from "../drawing/camera";
import { panels } from "../state/grid";
import { mix } from "../state/motion";
import { LETTERS } from "../state/overlay";
import { drawnPanels } from "../state/scene";
import { hovered, inspected, overlayBy } from "../state/settings";

export function OverlayTags() {
  const sample = hovered.value ?? inspected.value;
  if (sample === null) return null;
  const places = panels.value.map((panel) => {
    const drawn = drawnPanels.value.get(panel.key);
    if (drawn === undefined || drawn.style.colors[4 * sample + 3] === 0) return null;
    const at = (i: number) => {
      const from = drawn.from[i] as number;
      return from + mix.value * ((drawn.to[i] as number) - from);
    };
    const place = toCanvas(drawn.rect, drawn.camera, { x: at(2 * sample), y: at(2 * sample + 1) });
    return contains(visibleRect(drawn), place) ? place : null;
  });
  const [a, b] = places;
  return (
    <svg class="overlay-tags" aria-hidden="true" data-testid="overlay-tags">
      {a && b && overlayBy.value === "blend" && <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} />}
      {places.map((place, i) => {
        // Each on the side that looks away from the other's.
        const other = places[1 - i];
        const isLeft = other ? (place?.x ?? 0) < other.x : i === 0;
        return (
          place && (
            <text
              key={LETTERS[i]}
              x={place.x + (isLeft ? -10 : 10)}
              y={place.y}
              text-anchor={isLeft ? "end" : "start"}
              dominant-baseline="central"
            >
              {LETTERS[i]}
            </text>
          )
        );
      })}
    </svg>
  );
}
