/** A small sheet beside the button that opens it. The browser closes it on Escape and on a click elsewhere. */

import type { TargetedToggleEvent } from "preact";
import { useId, useRef, useState } from "preact/hooks";

const GAP = 4;
const MARGIN = 8;

export function useSheet() {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  /** Below the button or, where there is more room, above it; never beyond the window. */
  const place = () => {
    if (button.current === null || sheet.current === null) return;
    const { left, top, bottom } = button.current.getBoundingClientRect();
    const { style, offsetWidth } = sheet.current;
    const below = window.innerHeight - bottom;
    const isBelow = below >= top;
    style.left = `${Math.max(MARGIN, Math.min(left, window.innerWidth - offsetWidth - MARGIN))}px`;
    style.top = isBelow ? `${bottom + GAP}px` : "auto";
    style.bottom = isBelow ? "auto" : `${window.innerHeight - top + GAP}px`;
    style.maxHeight = `${(isBelow ? below : top) - GAP - MARGIN}px`;
  };
  const onToggle = (event: TargetedToggleEvent<HTMLElement>) => {
    setOpen(event.newState === "open");
    place();
  };
  const show = () => {
    if (sheet.current?.isConnected && !sheet.current.matches(":popover-open")) sheet.current.showPopover();
  };
  const hide = () => {
    if (sheet.current?.matches(":popover-open")) sheet.current.hidePopover();
  };
  return {
    buttonProps: { ref: button, popovertarget: id },
    sheetProps: { ref: sheet, id, popover: "auto" as const, onToggle },
    isOpen,
    show,
    hide,
  };
}
