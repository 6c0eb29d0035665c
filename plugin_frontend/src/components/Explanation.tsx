/** A button that opens the whole of what a line has room for only in part. A finger and the keyboard reach it as a pointer does. */

import type { ComponentChildren } from "preact";
import { Icon } from "./icons";
import { useSheet } from "./use_sheet";

interface Props {
  /** What is explained, for screen readers and the pointer. */
  readonly of: string;
  readonly testid: string;
  readonly children: ComponentChildren;
}

export function Explanation({ of, testid, children }: Props) {
  const { buttonProps, sheetProps } = useSheet();
  return (
    <>
      <button
        {...buttonProps}
        type="button"
        class="icon-button small explain"
        aria-label={`About ${of}`}
        title={`About ${of}`}
        data-testid={testid}
      >
        <Icon name="info" />
      </button>
      <div {...sheetProps} class="sheet explanation" data-testid={`${testid}-sheet`}>
        {children}
      </div>
    </>
  );
}
