/** A button that copies a text, and says that it has. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { copyText } from "./clipboard";

const SAID_MS = 2000;

interface Props {
  /** Made when it is copied. */
  readonly text: () => string;
  readonly testid: string;
  readonly class?: string;
  /** What is copied, where the label does not say it. */
  readonly name?: string;
  readonly children: ComponentChildren;
}

export function CopyButton({ text, testid, class: kind = "link-button", name, children }: Props) {
  const [said, setSaid] = useState("");
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    setSaid((await copyText(text())) ? "Copied" : "Cannot copy here");
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setSaid(""), SAID_MS);
  };
  return (
    <>
      <button type="button" class={kind} aria-label={said ? undefined : name} data-testid={testid} onClick={copy}>
        {said || children}
      </button>
      <span class="unseen" role="status">
        {said}
      </span>
    </>
  );
}
