/** A row of choices of which one holds. */

import type { ComponentChildren } from "preact";

export interface Segment<Value extends string> {
  readonly value: Value;
  readonly label: ComponentChildren;
  readonly hint: string;
  readonly testid: string;
  /** Where the label is a picture: its name, for screen readers. */
  readonly name?: string;
  readonly disabled?: boolean;
}

interface Props<Value extends string> {
  /** What is chosen, for screen readers. */
  readonly legend: string;
  /** Of the radio buttons. */
  readonly name: string;
  readonly segments: readonly Segment<Value>[];
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
}

export function Segments<Value extends string>({ legend, name, segments, value, onChange }: Props<Value>) {
  return (
    <fieldset class="segments" data-testid={`${name}-choice`}>
      <legend class="unseen">{legend}</legend>
      {segments.map((one) => (
        <label key={one.value} class={`segment ${one.name === undefined ? "" : "icon-segment"}`} title={one.hint}>
          <input
            type="radio"
            name={name}
            aria-label={one.name}
            data-testid={one.testid}
            checked={one.value === value}
            disabled={one.disabled}
            onChange={() => onChange(one.value)}
          />
          <span>{one.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
