/** The bookmarks: keep what is on screen under a name, open it again, rename and delete. */

import { useId, useState } from "preact/hooks";
import { addBookmark, areKept, type Bookmark, bookmarks, removeBookmark, renameBookmark } from "../state/bookmarks";
import { step } from "../state/grid";
import { isAtNewest, openState, wholeState } from "../state/link_state";
import { currentMethod } from "../state/maps";
import { stepText } from "../state/number_format";
import { chosenView, linksNewest } from "../state/settings";
import { Icon } from "./icons";

/** What it is called unless the user says otherwise. */
function suggestion(): string {
  const isNewest = isAtNewest.value && linksNewest.value;
  const at = isNewest ? ", newest step" : step.value === null ? "" : `, step ${stepText(step.value)}`;
  const name = chosenView.value.replace(/^./, (first) => first.toUpperCase());
  return `${chosenView.value === "projector" ? currentMethod.value?.label : name}${at}`;
}

export function Bookmarks() {
  const id = useId();
  const [name, setName] = useState("");
  return (
    <section class="link-part" aria-labelledby={`${id}-title`}>
      <h3 class="muted" id={`${id}-title`}>
        Bookmarks{areKept.value ? ", in this browser" : ": the browser keeps them only while this page is open"}
      </h3>
      {bookmarks.value.length > 0 && (
        <ul class="bookmarks">
          {bookmarks.value.map((one) => (
            <OneBookmark key={one.name} bookmark={one} />
          ))}
        </ul>
      )}
      <form
        class="link-field"
        onSubmit={(event) => {
          event.preventDefault();
          addBookmark(name.trim() || suggestion(), wholeState());
          setName("");
        }}
      >
        <input
          type="text"
          class="text-field"
          aria-label="Name of the bookmark"
          autocomplete="off"
          maxLength={80}
          placeholder={suggestion()}
          data-testid="bookmark-name"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="plain-button" data-testid="add-bookmark">
          Keep
        </button>
      </form>
    </section>
  );
}

function OneBookmark({ bookmark: { name, state } }: { bookmark: Bookmark }) {
  const [renaming, setRenaming] = useState(false);
  if (renaming) return <Rename name={name} onDone={() => setRenaming(false)} />;
  return (
    <li class="bookmark" data-testid="bookmark">
      <button type="button" class="bookmark-name" data-testid="open-bookmark" onClick={() => openState(state)}>
        {name}
      </button>
      <button
        type="button"
        class="icon-button small"
        aria-label={`Rename “${name}”`}
        title="Rename"
        data-testid="rename-bookmark"
        onClick={() => setRenaming(true)}
      >
        <Icon name="pencil" />
      </button>
      <button
        type="button"
        class="icon-button small"
        aria-label={`Delete “${name}”`}
        title="Delete"
        data-testid="delete-bookmark"
        onClick={() => removeBookmark(name)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

function Rename({ name, onDone }: { name: string; onDone: () => void }) {
  const [next, setNext] = useState(name);
  const [isTaken, setTaken] = useState(false);
  return (
    <li>
      <form
        class="link-field"
        onSubmit={(event) => {
          event.preventDefault();
          const done = renameBookmark(name, next.trim());
          setTaken(!done);
          if (done) onDone();
        }}
      >
        <input
          type="text"
          class="text-field"
          aria-label={`New name of “${name}”`}
          maxLength={80}
          data-testid="new-bookmark-name"
          value={next}
          aria-invalid={isTaken}
          ref={(field) => field?.focus()}
          onInput={(event) => setNext(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault(); // the sheet stays open
            onDone();
          }}
        />
        <button type="submit" class="plain-button">
          Rename
        </button>
      </form>
      {isTaken && (
        <p class="link-strange" role="alert">
          {next.trim() === "" ? "A bookmark needs a name." : "Another bookmark has this name."}
        </p>
      )}
    </li>
  );
}
