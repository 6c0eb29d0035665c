/** A small sheet beside the button that opens it. The browser closes it on Escape and on a click elsewhere. */

import type { TargetedToggleEvent } from "preact";
import { useId, useRef, useState } from "preact/hooks";

const GAP = 4;
const MARGIN = 8;

/** `beside`: a selector of what lies round the button and is to be left uncovered, if there is room on either side. */
export function useSheet(beside?: string) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const place = () => {
    if (button.current === null || sheet.current === null) return;
    const box = button.current.getBoundingClientRect();
    const uncovered = beside === undefined ? null : button.current.closest(beside)?.getBoundingClientRect();
    if (!uncovered || !placeBeside(sheet.current, uncovered)) placeBelow(sheet.current, box);
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

/** Below the button or, where there is more room, above it; never beyond the window. */
function placeBelow(sheet: HTMLElement, { left, top, bottom }: DOMRect): void {
  const { style, offsetWidth } = sheet;
  const below = window.innerHeight - bottom;
  const isBelow = below >= top;
  style.left = `${Math.max(MARGIN, Math.min(left, window.innerWidth - offsetWidth - MARGIN))}px`;
  style.top = isBelow ? `${bottom + GAP}px` : "auto";
  style.bottom = isBelow ? "auto" : `${window.innerHeight - top + GAP}px`;
  style.maxHeight = `${(isBelow ? below : top) - GAP - MARGIN}px`;
}

/** At the right of a box or, where there is no room, at its left; from its top down or, in the lower half, from its bottom up. */
function placeBeside(sheet: HTMLElement, box: DOMRect): boolean {
  const { style, offsetWidth } = sheet;
  const atRight = box.right + GAP;
  const atLeft = box.left - GAP - offsetWidth;
  const left = atRight + offsetWidth <= window.innerWidth - MARGIN ? atRight : atLeft;
  if (left < MARGIN) return false;
  const isUpper = box.top + box.bottom < window.innerHeight;
  const top = Math.max(MARGIN, box.top);
  const bottom = Math.max(MARGIN, window.innerHeight - box.bottom);
  style.left = `${left}px`;
  style.top = isUpper ? `${top}px` : "auto";
  style.bottom = isUpper ? "auto" : `${bottom}px`;
  style.maxHeight = `${window.innerHeight - (isUpper ? top : bottom) - MARGIN}px`;
  return true;
}
