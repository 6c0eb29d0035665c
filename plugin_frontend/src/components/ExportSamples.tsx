/** Takes samples out of the panel, with what is on screen of them, as a file. */

import { exported, missingMaps, missingModels } from "../state/export_choice";
import { csvOf, type Exported, fileName, jsonOf } from "../state/export_table";
import { stepText } from "../state/number_format";
import { available } from "../state/selection";
import { probe } from "../state/server";
import { exportsAll, selection } from "../state/settings";
import { saveFile } from "./save_file";

export function ExportSamples() {
  const ready = exported.value;
  if (ready === null) return null;
  const { models, maps } = ready;
  return (
    <section aria-label="Export samples">
      <WhichSamples />
      <p class="muted value-text">
        At step {stepText(ready.step)}: id, label and metadata; prediction, confidence, entropy and loss of{" "}
        {models.length} {models.length === 1 ? "model" : "models"}; coordinates, map quality and true change of{" "}
        {maps.length} {maps.length === 1 ? "map" : "maps"}. Run, model, layer, step, method, mode and reference are
        named in the file.
      </p>
      <Missing />
      <div class="select-actions">
        <Save ready={ready} ending="csv" text={csvOf} type="text/csv" />
        <Save ready={ready} ending="json" text={jsonOf} type="application/json" />
      </div>
    </section>
  );
}

function WhichSamples() {
  const count = selection.value.size;
  const all = available.value.length;
  return (
    <fieldset class="which-samples">
      <legend class="unseen">Which samples</legend>
      <label class="choice">
        <input
          type="radio"
          name="export-samples"
          data-testid="export-selected"
          disabled={count === 0}
          checked={count > 0 && !exportsAll.value}
          onChange={() => {
            exportsAll.value = false;
          }}
        />
        {count === 0 ? "The selection (nothing is selected)" : `The ${count} selected`}
      </label>
      <label class="choice">
        <input
          type="radio"
          name="export-samples"
          data-testid="export-all"
          checked={count === 0 || exportsAll.value}
          onChange={() => {
            exportsAll.value = true;
          }}
        />
        All {all}
        {all === probe.value?.size ? "" : " that show"}
      </label>
    </fieldset>
  );
}

function Missing() {
  const lacking = [
    missingMaps.value > 0 && `${missingMaps.value} ${missingMaps.value === 1 ? "map" : "maps"}`,
    missingModels.value > 0 &&
      `the outputs of ${missingModels.value} ${missingModels.value === 1 ? "model" : "models"}`,
  ].filter((one) => one !== false);
  if (lacking.length === 0) return null;
  return (
    <p class="value-text find-error" role="status" data-testid="export-missing">
      Not here yet, and so not in the file: {lacking.join(" and ")}.
    </p>
  );
}

interface SaveProps {
  readonly ready: Exported;
  readonly ending: "csv" | "json";
  readonly text: (exported: Exported) => string;
  readonly type: string;
}

function Save({ ready, ending, text, type }: SaveProps) {
  return (
    <button
      type="button"
      class="main-button"
      title={fileName(ready, ending)}
      data-testid={`export-${ending}`}
      onClick={() => saveFile(new Blob([text(ready)], { type }), fileName(ready, ending))}
    >
      {ending.toUpperCase()}
    </button>
  );
}
