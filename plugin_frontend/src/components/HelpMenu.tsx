/** The sheet of keys, opened by its button or "?", and the way back to the first visit's hints. */

import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { helpRequests } from "../state/help";
import { showHintsAgain } from "../state/hints";
import { chooseView } from "../state/views";
import { KEY_GROUPS } from "./key_list";
import { useSheet } from "./use_sheet";

export function HelpMenu() {
  const { buttonProps, sheetProps, show, hide, isOpen } = useSheet();
  useEffect(() => {
    const before = helpRequests.peek();
    return effect(() => {
      if (helpRequests.value !== before) show();
    });
  }, []);
  return (
    <>
      <button
        {...buttonProps}
        type="button"
        class="icon-button help-button"
        aria-label="Keys and hints"
        title="Keys and hints (?)"
        data-testid="help"
      >
        ?
      </button>
      <div {...sheetProps} class="sheet help-sheet" data-testid="help-sheet">
        {isOpen && (
          <>
            {KEY_GROUPS.map(({ title, keys }) => (
              <section key={title}>
                <h2>{title}</h2>
                <dl>
                  {keys.map(([names, meaning]) => (
                    <div key={meaning}>
                      <dt>
                        {names.map((name) => (
                          <kbd key={name}>{name}</kbd>
                        ))}
                      </dt>
                      <dd>{meaning}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
            <button
              type="button"
              class="plain-button"
              data-testid="show-hints"
              onClick={() => {
                hide();
                chooseView("projector");
                showHintsAgain();
              }}
            >
              Show the hints again
            </button>
          </>
        )}
      </div>
    </>
  );
}
