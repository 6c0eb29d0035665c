/** How many of a sample's true neighbours are near it on the map under the pointer, and what the lines to them mean. */

import { linkColors, linkedSample, links } from "../state/neighbour_lines";
import { hoveredPanel } from "../state/settings";

export function NearOnThisMap({ sample }: { sample: number }) {
  const found = linkedSample.value === sample ? links.value.get(hoveredPanel.value ?? "") : undefined;
  if (found === undefined) return null;
  const { neighbours, isNear, isTied } = found;
  const near = isNear.filter(Boolean).length;
  const count = neighbours.length;
  const colors = linkColors.value;
  return (
    <div class="on-this-map" data-testid="true-neighbours" data-near={near} data-count={count}>
      <p>
        <b>
          {near} of its {count}
        </b>{" "}
        true neighbours are near it on this map
      </p>
      <p class="link-key muted">
        {near > 0 && <Key color={colors.near} width={1.6} text="near" />}
        {near < count && <Key color={colors.far} width={1.1} text="put elsewhere" />}
      </p>
      {isTied && <p class="muted">Others are just as near it in the embedding: which {count} is chance.</p>}
    </div>
  );
}

function Key({ color, width, text }: { color: string; width: number; text: string }) {
  return (
    <span>
      <svg width="18" height="8" aria-hidden="true">
        <line x1="0" x2="18" y1="4" y2="4" stroke={color} stroke-width={width} />
      </svg>
      {text}
    </span>
  );
}
