/** A sheet that opens when the pointer rests on its button, and for the keyboard and a finger as any other sheet. */

import type { TargetedPointerEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSheet } from "./use_sheet";

/** Whoever only passes by wants no sheet; whoever is on the way from the button to the sheet wants it to stay. */
const REST_MS = 180;
const GRACE_MS = 120;

/** `beside`: as for `useSheet`. */
export function useHoverSheet(beside?: string) {
  const { buttonProps, sheetProps, isOpen, show, hide } = useSheet(beside);
  const timer = useRef(0);
  const soon = (act: () => void, ms: number) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(act, ms);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const areaProps = {
    onPointerEnter(event: TargetedPointerEvent<HTMLElement>) {
      if (event.pointerType !== "mouse") return;
      soon(() => {
        // It must not close what the user has opened.
        if (document.querySelector(":popover-open") === null) show();
      }, REST_MS);
    },
    onPointerLeave(event: TargetedPointerEvent<HTMLElement>) {
      if (event.pointerType === "mouse") soon(hide, GRACE_MS);
    },
  };
  return {
    areaProps,
    buttonProps: {
      ...buttonProps,
      popovertargetaction: "show" as const,
      onFocus() {
        if (buttonProps.ref.current?.matches(":focus-visible")) show();
      },
      onBlur: hide,
    },
    sheetProps,
    isOpen,
  };
}
