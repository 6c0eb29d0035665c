/** What is wrong with the connection or the requests, in the server's words, whichever view shows. */

import { framesError } from "../state/frames";
import { connectionError, measuresError, probeError } from "../state/server";
import { Icon } from "./icons";

export function troubleNow(): string | null {
  return connectionError.value ?? probeError.value ?? measuresError.value ?? framesError.value;
}

export function Trouble() {
  const trouble = troubleNow();
  if (trouble === null) return null;
  return (
    <p class="trouble" role="alert" data-testid="trouble">
      <Icon name="warning" /> {trouble} Trying again.
    </p>
  );
}
