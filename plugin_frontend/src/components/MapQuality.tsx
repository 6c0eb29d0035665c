/** A map's two figures in its header and, for whoever rests on them, all that is known of its quality, in words. */

import type { PanelInfo } from "../state/grid";
import { currentMethod, currentMode, MISLEADING_MODE, reference } from "../state/maps";
import { modeName } from "../state/mode_names";
import { shareText, stepText, valueText } from "../state/number_format";
import { type Figure, qualityOf } from "../state/quality";
import { referenceName } from "../state/reference_name";
import { Icon } from "./icons";
import { useHoverSheet } from "./use_hover_sheet";

export function MapQuality({ panel }: { panel: PanelInfo }) {
  const { areaProps, buttonProps, sheetProps, isOpen } = useHoverSheet(".panel");
  const { knn, map } = qualityOf(panel);
  return (
    <div class="figures-area" {...areaProps}>
      <button {...buttonProps} type="button" class="figures" data-testid="figures">
        <span class="figure" data-testid="knn">
          <span class="figure-word">kNN </span>
          <b>{shareText(knn.value)}</b>
        </span>
        <span class="figure" data-testid="kept">
          <span class="figure-word">map </span>
          <b>{shareText(map[0]?.value)}</b>
        </span>
      </button>
      <div {...sheetProps} class="sheet quality" data-testid="quality">
        {isOpen && <Everything panel={panel} />}
      </div>
    </div>
  );
}

function Everything({ panel }: { panel: PanelInfo }) {
  const { knn, map, motion } = qualityOf(panel);
  return (
    <>
      <h3>
        {panel.row.model.name} · {panel.layer.name} <span class="muted">step {stepText(panel.step)}</span>
      </h3>
      <Figures figures={[knn, ...map]} />
      {motion === null ? (
        <section class="muted" data-testid="no-motion">
          The model's first step: nothing has moved yet.
        </section>
      ) : (
        <section>
          <h4>Since step {stepText(motion.since)}</h4>
          <Figures figures={motion.figures} />
        </section>
      )}
      <Making />
    </>
  );
}

function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl>
      {figures.map(({ name, label, value, meaning }) => (
        <div key={name} data-testid={`quality-${name}`} data-value={value}>
          <dt>{label}</dt>
          <dd class="number">{valueText(value)}</dd>
          <dd class="muted">{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

/** By which mode, onto which reference. */
function Making() {
  const mode = currentMode.value;
  if (mode === null) return null;
  return (
    <p class="making" data-testid="quality-making">
      {currentMethod.value?.label}, <b>{modeName(mode.name)}</b>, laid onto{" "}
      <span class="pin">
        <Icon name="pin" />
      </span>{" "}
      {referenceName(reference.value)}
      {mode.name === MISLEADING_MODE && <span class="caution">{mode.note}</span>}
    </p>
  );
}
