/** One line under the bar: what the link that was opened asked for and is not here. */

import { dismissNotice, notHere } from "../state/link_state";
import { Icon } from "./icons";

export function LinkNotice() {
  if (notHere.value.length === 0) return null;
  return (
    <p class="notice" role="status" data-testid="link-notice">
      <Icon name="info" />
      <span>The link asks for what is not here: {notHere.value.join("; ")}. The rest is as it was.</span>
      <button
        type="button"
        class="icon-button small"
        aria-label="Dismiss"
        title="Dismiss"
        data-testid="dismiss-link-notice"
        onClick={dismissNotice}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}
