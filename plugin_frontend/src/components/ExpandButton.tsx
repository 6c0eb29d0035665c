/** In a map's header: opens it large, alone. It shows under the pointer and in focus, as the pin does. */

import { openAlone } from "../state/focus_choice";
import type { PanelInfo } from "../state/grid";
import { Icon } from "./icons";

export function ExpandButton({ panel }: { panel: PanelInfo }) {
  const { row, layer, key } = panel;
  return (
    <button
      type="button"
      class="pin expand"
      aria-label={`Show the map of ${row.model.name}, ${layer.name}, large`}
      title="Show this map large, alone or with another (double click here)"
      data-testid="expand"
      data-expands={key}
      onClick={() => openAlone(panel)}
    >
      <Icon name="expand" />
    </button>
  );
}
