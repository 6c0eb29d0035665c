/** The selected samples as pictures, or as their ids where they have none; pointing at one rings it in every map. */

import { className } from "../state/classes";
import { listedSamples } from "../state/sample_table";
import { probe } from "../state/server";
import { hovered, inspected } from "../state/settings";
import { inspect } from "../state/side_column";
import { pointedOut } from "./pointed_out";
import { number } from "./SelectionList";
import { Thumbnail } from "./Thumbnail";

/** More would be a wall of pictures, which nobody reads; the table has all of them. */
const MOST_PICTURES = 500;
const SIZE = 28;

export function SelectionPictures() {
  const known = probe.value;
  const samples = listedSamples.value;
  if (known === null) return null;
  return (
    <div class="pictures-scroll">
      <ul class="pictures">
        {samples.slice(0, MOST_PICTURES).map((sample) => (
          <li key={sample}>
            <button
              type="button"
              class="picture"
              data-testid="selected-picture"
              data-sample={sample}
              aria-label={`Inspect ${nameOf(sample)}`}
              aria-pressed={inspected.value === sample}
              {...pointedOut(sample)}
              onClick={() => {
                inspect(sample);
                hovered.value = null;
              }}
            >
              {known.thumbnails ? <Thumbnail sample={sample} size={SIZE} /> : known.ids[sample]}
            </button>
          </li>
        ))}
      </ul>
      {samples.length > MOST_PICTURES && (
        <p class="muted part-note" data-testid="picture-limit">
          First {number(MOST_PICTURES)} of {number(samples.length)}. The table has all of them.
        </p>
      )}
    </div>
  );
}

export function nameOf(sample: number): string {
  const known = probe.value;
  const label = known?.labels?.[sample];
  return `sample ${known?.ids[sample]}${known && label !== undefined ? `, ${className(known, label)}` : ""}`;
}
