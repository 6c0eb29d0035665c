/** Over the large maps: the way back, which map is the second, how the two show, and how alike their layers are. */

import { useEffect, useRef } from "preact/hooks";
import { focused } from "../state/grid";
import { pairReading } from "../state/pair_reading";
import { backToAllMaps } from "../state/views";
import { FocusLayoutChoice } from "./FocusLayoutChoice";
import { FocusSecond } from "./FocusSecond";
import { Icon } from "./icons";

export function FocusBar() {
  const bar = useRef<HTMLElement>(null);
  // Whoever came by the keyboard goes on from here.
  useEffect(() => bar.current?.focus(), []);
  const maps = focused.value ?? [];
  const names = maps.map(({ row, layer }) => `${row.model.name} · ${layer.name}`);
  return (
    <section ref={bar} class="focus-bar" tabIndex={-1} aria-label={`Maps of ${names.join(" and ")}`}>
      <button
        type="button"
        class="back-button"
        title="Back to all maps (Escape)"
        data-testid="back-to-all"
        onClick={backToAllMaps}
      >
        <Icon name="back" />
        <span>
          Back<span class="back-where"> to all maps</span>
        </span>
      </button>
      <FocusSecond />
      {maps.length === 2 && <FocusLayoutChoice />}
      <Reading />
    </section>
  );
}

function Reading() {
  const reading = pairReading.value;
  if (reading === null) return null;
  return (
    <p class="focus-reading" data-testid="pair-reading" title={reading.direction}>
      <span class="muted">
        {reading.label}
        <span class="reading-rest"> of the two layers</span>
      </span>{" "}
      <b>{reading.value}</b> <span class="muted reading-rest">{reading.direction}</span>
    </p>
  );
}
