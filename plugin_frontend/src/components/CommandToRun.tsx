/** A command for the user's terminal, with a button that copies it. */

import { Fragment } from "preact";
import { CopyButton } from "./CopyButton";

export function CommandToRun({ command }: { command: string }) {
  return (
    <span class="command" data-testid="command">
      <code>
        {command.split(" ").map((word, i) => (
          <Fragment key={i}>
            {i > 0 && " "}
            <span class="command-word">{word}</span>
          </Fragment>
        ))}
      </code>
      <CopyButton text={() => command} testid="copy-command" name="Copy the command">
        Copy
      </CopyButton>
    </span>
  );
}
