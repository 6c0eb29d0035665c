/** A command for the user's terminal, with a button that copies it. */

import { Fragment } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

const SAID_MS = 2000;

export function CommandToRun({ command }: { command: string }) {
  const code = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    if (code.current === null || !(await copyText(command, code.current))) return;
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <span class="command" data-testid="command">
      <code ref={code}>
        {command.split(" ").map((word, i) => (
          <Fragment key={i}>
            {i > 0 && " "}
            <span class="command-word">{word}</span>
          </Fragment>
        ))}
      </code>
      <button type="button" class="link-button" data-testid="copy-command" onClick={copy}>
        {copied ? "Copied" : "Copy"}
      </button>
      <span class="unseen" role="status">
        {copied ? "Copied" : ""}
      </span>
    </span>
  );
}

/** Over plain http from another machine there is no clipboard to write to: the text is selected, and copied the old way. */
async function copyText(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return document.execCommand("copy");
  }
}
