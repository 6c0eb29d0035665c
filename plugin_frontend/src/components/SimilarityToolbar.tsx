/** The control of the Similarity view: by which measure layers are compared. */

import { infoOf } from "../state/chart";
import { chosenSimilarity } from "../state/settings";
import { missingSimilarities, similarity, similarityChoices } from "../state/similarity_view";

export function SimilarityToolbar() {
  if (similarity.value === null) return null;
  return (
    <label class="field">
      <span class="muted">Alike by</span>
      <select
        data-testid="similarity-measure"
        value={similarity.value}
        onChange={(event) => {
          chosenSimilarity.value = event.currentTarget.value;
        }}
      >
        {similarityChoices.value.map((name) => (
          <option key={name} value={name}>
            {infoOf(name).label}
          </option>
        ))}
        {missingSimilarities.value.map((name) => (
          <option key={name} value={name} disabled>
            {infoOf(name).label} (not computed yet)
          </option>
        ))}
      </select>
    </label>
  );
}
