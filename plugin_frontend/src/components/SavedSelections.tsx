/** Selections with a name: keep the one there is, and come back to those that were kept. */

import { useState } from "preact/hooks";
import {
  deleteSelection,
  freeName,
  renameSelection,
  type SavedSelection,
  savedSelections,
  saveSelection,
  savingError,
} from "../state/saved_selections";
import { selection } from "../state/settings";
import { Icon } from "./icons";
import { SampleSetRow } from "./SampleSetRow";

export function SavedSelections() {
  const saved = savedSelections.value;
  return (
    <section aria-label="Saved selections">
      <SaveForm />
      {savingError.value !== null && (
        <p class="value-text find-error" role="alert">
          {savingError.value}
        </p>
      )}
      {saved.length === 0 ? (
        <p class="muted value-text">
          A selection that has a name comes back with a click, also after the page was loaded anew. This browser keeps
          it for this probe's samples.
        </p>
      ) : (
        <ul class="saved">
          {saved.map((one) => (
            <Saved key={one.name} saved={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function SaveForm() {
  const [name, setName] = useState("");
  const count = selection.value.size;
  const proposed = freeName(savedSelections.value);
  return (
    <form
      class="save-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (count === 0) return;
        saveSelection(name.trim() || proposed, selection.peek());
        setName("");
      }}
    >
      <input
        type="text"
        aria-label="Name of the selection"
        placeholder={proposed}
        data-testid="save-name"
        value={name}
        disabled={count === 0}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="main-button" disabled={count === 0} data-testid="save">
        {count === 0 ? "Nothing selected" : `Save ${count}`}
      </button>
    </form>
  );
}

function Saved({ saved: { name, samples } }: { saved: SavedSelection }) {
  const [isNaming, setNaming] = useState(false);
  const end = (to: string) => {
    setNaming(false);
    if (to !== "" && to !== name) renameSelection(name, to);
  };
  return (
    <li class="saved-one">
      {isNaming ? (
        <input
          type="text"
          class="rename"
          aria-label={`New name of ${name}`}
          data-testid="rename"
          ref={(field) => field?.select()}
          defaultValue={name}
          onBlur={(event) => end(event.currentTarget.value.trim())}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
          }}
        />
      ) : (
        <SampleSetRow testid="saved" name={name} label={name} samples={samples} />
      )}
      <button
        type="button"
        class="icon-button small"
        aria-label={`Rename ${name}`}
        title="Rename"
        data-testid="rename-saved"
        onClick={() => setNaming(true)}
      >
        <Icon name="pencil" />
      </button>
      <button
        type="button"
        class="icon-button small"
        aria-label={`Delete ${name}`}
        title="Delete"
        data-testid="delete-saved"
        onClick={() => deleteSelection(name)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
