/** Sets everything going that fetches, follows or moves. */

import { computed } from "@preact/signals";
import { colorBy } from "./color_column";
import { keepEndsKnown, outputsOfEnds, panelsOfEnds } from "./color_ends";
import { keepContoursFresh } from "./contours";
import { keepFramesComing, keepProgressFresh } from "./frames";
import { alsoWant } from "./frames_beside";
import { ghostPanels } from "./ghost";
import { keepMapsInView } from "./home_view";
import { followTheme } from "./host_page";
import { followOtherPages } from "./kept_list";
import { keepMatchStill } from "./layer_matching";
import { followAddress } from "./link_state";
import { keepMoving } from "./motion";
import { followRestingPointer, linkedPanels } from "./neighbour_lines";
import { keepNeighboursComing, neighbourPanels, wantNeighbours } from "./neighbours";
import { followNewSteps } from "./new_steps";
import { alsoWantOutputs, keepOutputsComing } from "./outputs";
import { keepPlaying } from "./player";
import { followProbe } from "./probe_choice";
import { forgetRestartedRuns } from "./restarts";
import { keepHistoryComing } from "./sample_history";
import { inspectedPanels } from "./sample_neighbours";
import { rememberLastMap } from "./sample_table";
import { keepMeasuresFresh, keepOverviewFresh, keepProbe } from "./server";
import { keepSideColumn } from "./side_column";
import { exposeSnapshot } from "./snapshot";
import { wantOverlap } from "./teacher_overlap";
import { trailPanels } from "./trails";

/** Returns what ends all of it. */
export function start(): () => void {
  exposeSnapshot();
  const ends = [
    followTheme(),
    followAddress(), // before anything is asked for
    followOtherPages(),
    followProbe(),
    forgetRestartedRuns(),
    keepOverviewFresh(),
    keepProbe(),
    keepMeasuresFresh(),
    keepMatchStill(),
    keepOutputsComing(),
    alsoWant(ghostPanels),
    alsoWant(trailPanels),
    alsoWant(neighbourPanels),
    alsoWant(panelsOfEnds),
    alsoWantOutputs(outputsOfEnds),
    wantNeighbours(linkedPanels),
    wantNeighbours(inspectedPanels),
    followRestingPointer(),
    keepNeighboursComing(),
    keepFramesComing(),
    keepProgressFresh(),
    keepMapsInView(),
    keepMoving(),
    keepEndsKnown(),
    wantOverlap(computed(() => colorBy.value === "overlap")),
    keepContoursFresh(),
    keepPlaying(),
    keepSideColumn(),
    rememberLastMap(),
    followNewSteps(),
    keepHistoryComing(),
  ];
  return () => {
    for (const end of ends) end();
  };
}
