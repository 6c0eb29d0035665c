/** Counts how often the sheet of keys was asked for by its key: the sheet listens. */

import { signal } from "@preact/signals";

export const helpRequests = signal(0);

export function askForHelp(): void {
  helpRequests.value = helpRequests.peek() + 1;
}
