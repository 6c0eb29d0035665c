/** What a sample is: its picture or its words, class, id and metadata. */

import type { ComponentChildren } from "preact";
import { className } from "../state/classes";
import { classColors, cssColor } from "../state/colors";
import { plainText, textColumns, textsOf } from "../state/sample_text";
import { probe } from "../state/server";
import { Thumbnail } from "./Thumbnail";

/** CSS pixels. */
const PICTURE = 48;

interface Props {
  readonly sample: number;
  /** Below the id: the way to others. */
  readonly steps: ComponentChildren;
  /** At the right of the head. */
  readonly close: ComponentChildren;
}

export function SampleDescription({ sample, steps, close }: Props) {
  const known = probe.value;
  if (known === null) return null;
  const label = known.labels?.[sample];
  const texts = textsOf(sample);
  const facts = Object.entries(known.metadata).filter(([name]) => !textColumns().has(name));
  return (
    <div class="sample-description">
      <div class="inspector-head">
        <Thumbnail sample={sample} size={PICTURE} />
        <div class="inspector-names">
          {label !== undefined && (
            <h2 class="sample-label" data-testid="inspected-label">
              <span class="swatch" style={{ background: cssColor(classColors.value.get(label)) }} />
              <span>{className(known, label)}</span>
            </h2>
          )}
          <div class="muted inspected-id" data-testid="inspected-id">
            id {known.ids[sample]}
          </div>
          {steps}
        </div>
        {close}
      </div>
      {texts.map(([name, text]) => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, by keyboard too
        <section key={name} class="sample-text" aria-label={name} tabIndex={0} data-testid="sample-text">
          {texts.length > 1 && <h3 class="muted">{name}</h3>}
          <p>{text}</p>
        </section>
      ))}
      {facts.length > 0 && (
        <dl class="sample-metadata" data-testid="sample-metadata">
          {facts.map(([name, values]) => (
            <div key={name}>
              <dt class="muted" title={name}>
                {name}
              </dt>
              <dd title={plainText(values[sample])}>{plainText(values[sample])}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
