/** The mode by which the maps are made, to be chosen where the method has several. */

import { currentMethod, currentMode } from "../state/maps";
import { modeName } from "../state/mode_names";
import { chosenMode } from "../state/settings";

export function ModeChoice() {
  const modes = currentMethod.value?.modes ?? [];
  const mode = currentMode.value;
  if (mode === null) return null;
  if (modes.length < 2) return <b>{modeName(mode.name)}</b>;
  return (
    <select
      class="note-choice"
      aria-label="Mode: how the maps are laid onto the reference"
      title={mode.note}
      data-testid="mode"
      value={mode.name}
      onChange={(event) => {
        chosenMode.value = event.currentTarget.value;
      }}
    >
      {modes.map(({ name }) => (
        <option key={name} value={name}>
          {modeName(name)}
        </option>
      ))}
    </select>
  );
}
