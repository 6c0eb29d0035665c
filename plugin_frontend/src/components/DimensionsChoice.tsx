/** Maps of two or of three dimensions. */

import { currentMethod, mapDimensions } from "../state/maps";
import { dimensions } from "../state/settings";
import { type Segment, Segments } from "./Segments";

export function DimensionsChoice() {
  const method = currentMethod.value;
  if (method === null) return null;
  const cannot = (count: 2 | 3) => !method.dimensions.includes(count);
  const segments: readonly Segment<"2" | "3">[] = [
    {
      value: "2",
      label: "2-D",
      hint: cannot(2) ? `${method.label} makes no maps of two dimensions.` : "Maps of two dimensions",
      testid: "dimensions-2",
      disabled: cannot(2),
    },
    {
      value: "3",
      label: "3-D",
      hint: cannot(3)
        ? `${method.label} makes no maps of three dimensions.`
        : "Maps of three dimensions: drag turns all of them (or Shift and the arrow keys), with Ctrl it moves them",
      testid: "dimensions-3",
      disabled: cannot(3),
    },
  ];
  return (
    <div class="dimensions">
      <Segments
        legend="Dimensions of the maps"
        name="dimensions"
        segments={segments}
        value={mapDimensions.value === 3 ? "3" : "2"}
        onChange={(chosen) => {
          dimensions.value = chosen === "3" ? 3 : 2;
        }}
      />
    </div>
  );
}
