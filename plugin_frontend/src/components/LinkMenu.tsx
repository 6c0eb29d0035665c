/** The sheet of links: copies the address of what is on screen, opens a pasted one, and keeps bookmarks. */

import { useId, useState } from "preact/hooks";
import { step } from "../state/grid";
import { stateIn } from "../state/link_address";
import { isAtNewest, linkNow, linkToCopy, openState, wholeState } from "../state/link_state";
import { stepText } from "../state/number_format";
import { linksNewest } from "../state/settings";
import { Bookmarks } from "./Bookmarks";
import { CopyButton } from "./CopyButton";
import { Icon } from "./icons";
import { useSheet } from "./use_sheet";

/** What is in the sheet follows every move of the maps, so it is there only while the sheet is open. */
export function LinkMenu() {
  const { buttonProps, sheetProps, isOpen } = useSheet();
  return (
    <>
      <button {...buttonProps} type="button" class="menu-button" data-testid="link">
        Link
        <Icon name="chevron" />
      </button>
      <div {...sheetProps} class="sheet link-sheet" data-testid="link-sheet">
        {isOpen && (
          <>
            <CopyLink />
            <OpenState />
            <Bookmarks />
          </>
        )}
      </div>
    </>
  );
}

const NAMES = { selection: "The selection", isolated: "The isolated samples" } as const;

/** True of what is copied, of bookmarks and of the address. */
function whatItHolds(hasAddress: boolean): string {
  const others = "rows, layers, colours, selection and camera";
  const [link, and] = [
    hasAddress ? "A copied link" : "The state",
    hasAddress ? ", a bookmark and the address" : " and a bookmark",
  ];
  if (!isAtNewest.value) return `${link}${and} hold what you see: step, ${others}.`;
  if (linksNewest.value) return `${link} and a bookmark hold ${others}, and open at the newest step there is then.`;
  const newest = hasAddress ? " The address itself follows the newest step." : "";
  return `${link} and a bookmark hold what you see: step ${stepText(step.value ?? 0)}, ${others}.${newest}`;
}

function CopyLink() {
  const address = linkToCopy();
  const { leftOut } = linkNow.value;
  return (
    <section class="sheet-part link-part">
      <p class="muted" data-testid="link-holds">
        {address === null &&
          "Another site's page holds this one, so that its address cannot be written. The state, as text, can be kept and pasted below. "}
        {whatItHolds(address !== null)}
      </p>
      {isAtNewest.value && (
        <label class="choice">
          <input
            type="checkbox"
            data-testid="link-newest"
            checked={linksNewest.value}
            onChange={(event) => {
              linksNewest.value = event.currentTarget.checked;
            }}
          />
          Follow the newest step
        </label>
      )}
      <p class="link-buttons">
        {address !== null && (
          <CopyButton text={() => linkToCopy() ?? ""} testid="copy-link" class="plain-button">
            Copy link
          </CopyButton>
        )}
        <CopyButton text={() => wholeState() || "v=1&"} testid="copy-state" class="plain-button">
          Copy state
        </CopyButton>
        <button type="button" class="plain-button" data-testid="start-over" onClick={() => openState("")}>
          Start over
        </button>
      </p>
      {leftOut.length > 0 && (
        <p class="link-left-out" data-testid="link-left-out">
          {leftOut.map((name) => (name in NAMES ? NAMES[name as keyof typeof NAMES] : name)).join(" and ")} is too long
          for an address. “Copy state” and bookmarks hold it; “Select” saves it by name.
        </p>
      )}
    </section>
  );
}

function OpenState() {
  const id = useId();
  const [pasted, setPasted] = useState("");
  const [isStrange, setStrange] = useState(false);
  return (
    <form
      class="sheet-part link-part"
      onSubmit={(event) => {
        event.preventDefault();
        const state = stateIn(pasted);
        setStrange(state === null);
        if (state === null) return;
        openState(state);
        setPasted("");
      }}
    >
      <label class="muted" for={id}>
        Open a link or a state that was copied
      </label>
      <p class="link-field">
        <input
          id={id}
          type="text"
          class="text-field"
          autocomplete="off"
          spellcheck={false}
          placeholder="Paste it here"
          data-testid="paste-state"
          value={pasted}
          aria-invalid={isStrange}
          aria-describedby={isStrange ? `${id}-strange` : undefined}
          onInput={(event) => setPasted(event.currentTarget.value)}
        />
        <button type="submit" class="plain-button" data-testid="open-state" disabled={pasted.trim() === ""}>
          Open
        </button>
      </p>
      {isStrange && (
        <p class="link-strange" role="alert" id={`${id}-strange`} data-testid="strange-state">
          There is no state in this text. A link has “p.kd_projector.” in it; a state begins with “v=1”.
        </p>
      )}
    </form>
  );
}
