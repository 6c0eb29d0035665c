/** A button that opens a small sheet below itself. The browser closes it on Escape and on a click elsewhere. */

import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon } from "./icons";

interface Props {
  readonly label: string;
  /** What is chosen, beside the label. */
  readonly value: string;
  readonly testid: string;
  readonly children: ComponentChildren;
}

export function Menu({ label, value, testid, children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const place = () => {
    if (button.current === null || sheet.current === null) return;
    const { left, bottom } = button.current.getBoundingClientRect();
    const room = window.innerWidth - sheet.current.offsetWidth - 8;
    sheet.current.style.left = `${Math.max(8, Math.min(left, room))}px`;
    sheet.current.style.top = `${bottom + 4}px`;
    sheet.current.style.maxHeight = `${window.innerHeight - bottom - 16}px`;
  };
  return (
    <>
      <button ref={button} type="button" class="menu-button" popovertarget={id} data-testid={testid}>
        <span class="muted">{label}</span> {value}
        <Icon name="chevron" />
      </button>
      <div ref={sheet} id={id} popover="auto" class="sheet" onToggle={place} data-testid={`${testid}-sheet`}>
        {children}
      </div>
    </>
  );
}
