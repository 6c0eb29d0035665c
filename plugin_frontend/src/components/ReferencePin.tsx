/** Beside a map's name: the pin that marks the reference, and on any other map makes that the reference. */

import { embeddingOf, type PanelInfo } from "../state/grid";
import {
  backToDefaultReference,
  defaultReference,
  isDefaultReference,
  makeReference,
  reference,
  sameEmbedding,
} from "../state/maps";
import { referenceName } from "../state/reference_name";
import { Icon } from "./icons";

export function ReferencePin({ panel }: { panel: PanelInfo }) {
  const embedding = embeddingOf(panel);
  const isReference = sameEmbedding(embedding, reference.value);
  if (isReference && isDefaultReference.value) {
    return (
      <span class="pin" title="The reference: all maps are laid onto this layer's map" data-testid="reference-pin">
        <Icon name="pin" />
        <span class="unseen">(reference)</span>
      </span>
    );
  }
  const hint = isReference
    ? `The reference. Click to go back to ${referenceName(defaultReference.value)}`
    : `Make this map (${referenceName(embedding)}) the reference of all`;
  return (
    <button
      type="button"
      class="pin pin-button"
      aria-label={hint}
      aria-pressed={isReference}
      title={hint}
      data-testid="make-reference"
      onClick={() => (isReference ? backToDefaultReference() : makeReference(panel))}
    >
      <Icon name="pin" />
    </button>
  );
}
