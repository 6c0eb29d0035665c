/** All that is known of one sample. */

import { listedSamples } from "../state/sample_table";
import { probe } from "../state/server";
import { closeInspector, inspect } from "../state/side_column";
import { Icon } from "./icons";
import { SampleDescription } from "./SampleDescription";
import { SampleHistoryPart } from "./SampleHistoryPart";
import { SampleNeighboursPart } from "./SampleNeighboursPart";
import { number } from "./SelectionList";

export function Inspector({ sample }: { sample: number }) {
  const known = probe.value;
  if (known === null || sample >= known.size) return null;
  return (
    <section class="inspector" aria-label={`Sample ${known.ids[sample]}`} data-testid="inspector" data-sample={sample}>
      <SampleDescription sample={sample} steps={<Steps sample={sample} />} close={<Close />} />
      <SampleHistoryPart sample={sample} />
      <SampleNeighboursPart />
    </section>
  );
}

/** Through the list, one sample at a time. */
function Steps({ sample }: { sample: number }) {
  const list = listedSamples.value;
  const place = list.indexOf(sample);
  const step = (by: number, name: string, icon: "previousSample" | "nextSample", testid: string) => {
    const target = list[place + by];
    return (
      <button
        type="button"
        class="icon-button small"
        aria-label={name}
        title={name}
        data-testid={testid}
        disabled={target === undefined}
        onClick={() => {
          if (target !== undefined) inspect(target);
        }}
      >
        <Icon name={icon} />
      </button>
    );
  };
  if (place < 0 || list.length < 2) return null;
  return (
    <div class="sample-steps">
      {step(-1, "Previous selected sample", "previousSample", "previous-sample")}
      <span class="muted number">
        {number(place + 1)} of {number(list.length)}
      </span>
      {step(1, "Next selected sample", "nextSample", "next-sample")}
    </div>
  );
}

function Close() {
  return (
    <button
      type="button"
      class="icon-button small close-inspector"
      aria-label="Close the inspector"
      title="Close the inspector"
      data-testid="close-inspector"
      onClick={closeInspector}
    >
      <Icon name="close" />
    </button>
  );
}
