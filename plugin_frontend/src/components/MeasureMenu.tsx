/** The choice of a measure: grouped by the question that it answers, each with its direction in words. */

import { infoOf } from "../state/chart";
import { type ChoiceGroup, choiceGroups } from "../state/measures_view";
import { Menu } from "./Menu";
import { MissingMeasures } from "./MissingMeasures";

interface Props {
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

export function MeasureMenu({ chosen, onChoose }: Props) {
  const isOutput = infoOf(chosen).scope === "output";
  const outputs = choiceGroups.value.find((one) => one.measures.includes(chosen));
  const value = isOutput && outputs !== undefined ? `${outputs.group.label}: all` : infoOf(chosen).label;
  return (
    <Menu label="Measure" value={value} testid="measure-menu" class="measure-sheet">
      {choiceGroups.value.map((one) => (
        <Group key={one.group.name} {...one} chosen={chosen} onChoose={onChoose} />
      ))}
      <MissingMeasures />
    </Menu>
  );
}

/** Measures of the outputs show together, so there is one choice of all of them. */
function Group({ group, measures, chosen, onChoose }: ChoiceGroup & Props) {
  const ofLayers = measures.filter((name) => infoOf(name).scope !== "output");
  const ofOutputs = measures.filter((name) => infoOf(name).scope === "output");
  const [first] = ofOutputs;
  return (
    <fieldset class="sheet-part measure-group">
      <legend class="sheet-title">
        <b>{group.label}</b> {group.text}
      </legend>
      {ofLayers.map((name) => (
        <Choice
          key={name}
          name={name}
          label={infoOf(name).label}
          text={infoOf(name).direction}
          isChosen={name === chosen}
          onChoose={onChoose}
        />
      ))}
      {first !== undefined && (
        <Choice
          name={first}
          label={`All ${ofOutputs.length}`}
          text={ofOutputs.map((name) => infoOf(name).label).join(", ")}
          isChosen={ofOutputs.includes(chosen)}
          onChoose={onChoose}
        />
      )}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly text: string;
  readonly isChosen: boolean;
  readonly onChoose: (name: string) => void;
}

function Choice({ name, label, text, isChosen, onChoose }: ChoiceProps) {
  return (
    <label class="choice" title={infoOf(name).text}>
      <input
        type="radio"
        name="measure"
        data-testid="measure-choice"
        data-measure={name}
        checked={isChosen}
        onChange={() => onChoose(name)}
      />
      <span>{label}</span>
      <span class="choice-text muted">{text}</span>
    </label>
  );
}
