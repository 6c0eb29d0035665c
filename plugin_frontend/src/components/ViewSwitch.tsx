/** Which of the views shows. */

import { chosenView, type View } from "../state/settings";
import { chooseView } from "../state/views";

const VIEWS: readonly { readonly view: View; readonly name: string; readonly hint: string }[] = [
  { view: "projector", name: "Projector", hint: "Maps of the samples: rows are models, columns are layers." },
  { view: "measures", name: "Measures", hint: "Measures of the embeddings themselves, over the steps or by depth." },
  { view: "similarity", name: "Similarity", hint: "How alike a model's layers are to the teacher's, layer by layer." },
  { view: "about", name: "About", hint: "What the runs were logged with, the probe, how maps are made, versions." },
];

export function ViewSwitch() {
  return (
    <fieldset class="views">
      <legend class="unseen">View</legend>
      {VIEWS.map(({ view, name, hint }) => (
        <label key={view} class="view" title={hint}>
          <input
            type="radio"
            name="view"
            data-testid={`view-${view}`}
            checked={chosenView.value === view}
            onChange={() => chooseView(view)}
          />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
