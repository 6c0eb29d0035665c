/** Below the legend: the selected samples as pictures; pointing at one rings it in every map. */

import { className } from "../state/classes";
import { probe } from "../state/server";
import { hovered, pointer, selection } from "../state/settings";
import { SampleFacts } from "./SampleCard";
import { Thumbnail } from "./Thumbnail";

/** More would be a wall of pictures; the count says how many there are. */
const MOST_PICTURES = 120;

export function SelectionList() {
  const known = probe.value;
  const samples = [...selection.value].sort((a, b) => a - b);
  if (known === null || samples.length === 0) return null;
  const [only] = samples;
  return (
    <section class="selection" aria-label="Selected samples" data-testid="selection">
      <h2>{samples.length === 1 ? "Selected sample" : `${samples.length} selected samples`}</h2>
      {samples.length === 1 && only !== undefined ? (
        <SampleFacts sample={only} />
      ) : (
        <ul class="pictures">
          {samples.slice(0, MOST_PICTURES).map((sample) => (
            <li key={sample}>
              <button
                type="button"
                class="picture"
                title={nameOf(sample)}
                aria-label={`Select ${nameOf(sample)} alone`}
                onPointerEnter={(event) => showCard(sample, event.currentTarget)}
                onPointerLeave={() => {
                  hovered.value = null;
                }}
                onFocus={(event) => showCard(sample, event.currentTarget)}
                onBlur={() => {
                  hovered.value = null;
                }}
                onClick={() => {
                  selection.value = new Set([sample]);
                  hovered.value = null;
                }}
              >
                {known.thumbnails ? <Thumbnail sample={sample} size={26} /> : known.ids[sample]}
              </button>
            </li>
          ))}
        </ul>
      )}
      {samples.length > MOST_PICTURES && <p class="muted">and {samples.length - MOST_PICTURES} more</p>}
    </section>
  );
}

/** Ring the sample in every map, and open its card beside its picture. */
function showCard(sample: number, picture: Element): void {
  const { left, top } = picture.getBoundingClientRect();
  pointer.value = { x: left, y: top };
  hovered.value = sample;
}

function nameOf(sample: number): string {
  const known = probe.value;
  const label = known?.labels?.[sample];
  return `sample ${known?.ids[sample]}${known && label !== undefined ? `, ${className(known, label)}` : ""}`;
}
