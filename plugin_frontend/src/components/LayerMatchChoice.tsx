/** Which layers of different models share a column: three ways, what each means, and why one cannot be had. */

import {
  chooseLayerMatch,
  ckaState,
  commandForCka,
  match,
  matchAgain,
  matchStep,
  newestMatchStep,
  teacherRow,
} from "../state/layer_matching";
import { stepText } from "../state/number_format";
import type { LayerMatch } from "../state/settings";
import { CommandToRun } from "./CommandToRun";
import { type Segment, Segments } from "./Segments";

const MEANINGS: Readonly<Record<LayerMatch, string>> = {
  depth: "Layers at the same relative depth share a column: first with first, last with last.",
  name: "Layers called alike share a column; those without a namesake stand between them.",
  cka: "Columns are the teacher's layers; below each stands the layer that is most alike it, by linear CKA.",
};

export function LayerMatchChoice() {
  const canBeCka = ckaState.value === "there" || ckaState.value === "reading";
  const segments: readonly Segment<LayerMatch>[] = [
    { value: "depth", label: "Depth", hint: MEANINGS.depth, testid: "match-depth" },
    { value: "name", label: "Name", hint: MEANINGS.name, testid: "match-name" },
    { value: "cka", label: "Highest CKA", hint: MEANINGS.cka, testid: "match-cka", disabled: !canBeCka },
  ];
  return (
    <div class="sheet-part layer-match">
      <p class="sheet-title">Layers share a column by</p>
      <Segments
        legend="Layers share a column by"
        name="match"
        segments={segments}
        value={match.value}
        onChange={chooseLayerMatch}
      />
      <p class="sheet-title" data-testid="match-meaning">
        {MEANINGS[match.value]} {match.value === "cka" && <MatchedAt />}
      </p>
      {!canBeCka && <WhyNotCka />}
    </div>
  );
}

function MatchedAt() {
  const at = matchStep.value;
  const newest = newestMatchStep.value;
  if (at === null) return null;
  return (
    <>
      As it was at step <b data-testid="match-step">{stepText(at)}</b>; later steps move nothing.
      {newest !== null && newest !== at && (
        <button type="button" class="link-button" data-testid="match-again" onClick={matchAgain}>
          Match by step {stepText(newest)}
        </button>
      )}
    </>
  );
}

function WhyNotCka() {
  return (
    <div class="sheet-title" data-testid="no-cka">
      <p>
        <b>Highest CKA</b>{" "}
        {teacherRow.value === null
          ? "needs a teacher, and no run here watched one."
          : "needs the layers' linear CKA with the teacher's, which is not computed yet. To compute it from what is logged:"}
      </p>
      {teacherRow.value !== null && <CommandToRun command={commandForCka.value} />}
    </div>
  );
}
