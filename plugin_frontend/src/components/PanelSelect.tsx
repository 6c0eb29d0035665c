/** The choice of one of the maps on screen, by its model and layer. */

import { type PanelInfo, rowsInUse } from "../state/grid";
import { rowNames } from "../state/rows";

interface Props {
  readonly panels: readonly PanelInfo[];
  readonly value: string | undefined;
  readonly onChange: (panel: string) => void;
  readonly testid: string;
}

export function PanelSelect({ panels, value, onChange, testid }: Props) {
  const names = rowNames(rowsInUse.value);
  return (
    <select
      aria-label="Map"
      data-testid={testid}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {panels.map(({ key, row, layer }) => (
        <option key={key} value={key}>
          {names.get(row.key)} · {layer.name}
        </option>
      ))}
    </select>
  );
}
