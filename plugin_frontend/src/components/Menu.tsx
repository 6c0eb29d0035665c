/** A button that opens a small sheet of choices below itself. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";
import { useSheet } from "./use_sheet";

interface Props {
  readonly label: string;
  /** What is chosen, beside the label. */
  readonly value: string;
  readonly testid: string;
  /** Added to the sheet's. */
  readonly class?: string;
  readonly onToggle?: (isOpen: boolean) => void;
  readonly children: ComponentChildren;
}

export function Menu({ label, value, testid, class: more = "", onToggle, children }: Props) {
  const { buttonProps, sheetProps, isOpen } = useSheet();
  const told = useRef(onToggle);
  told.current = onToggle;
  useEffect(() => told.current?.(isOpen), [isOpen]);
  return (
    <>
      <button {...buttonProps} type="button" class="menu-button" data-testid={testid}>
        <span class="muted">{label}</span> <span class="menu-value">{value}</span>
        <Icon name="chevron" />
      </button>
      <div {...sheetProps} class={`sheet ${more}`} data-testid={`${testid}-sheet`}>
        {children}
      </div>
    </>
  );
}
