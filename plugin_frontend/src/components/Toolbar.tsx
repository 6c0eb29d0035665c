/** The slim bar on top: the views, the controls of the one that shows, and which rows and layers. */

import { chosenView, focus } from "../state/settings";
import { HelpMenu } from "./HelpMenu";
import { LayersMenu } from "./LayersMenu";
import { LinkMenu } from "./LinkMenu";
import { MeasuresToolbar } from "./MeasuresToolbar";
import { PictureMenu } from "./PictureMenu";
import { ProjectorToolbar, ProjectorTools } from "./ProjectorToolbar";
import { RowsMenu } from "./RowsMenu";
import { ShowMenu } from "./ShowMenu";
import { SimilarityToolbar } from "./SimilarityToolbar";
import { ViewSwitch } from "./ViewSwitch";

export function Toolbar() {
  const view = chosenView.value;
  return (
    <div class="toolbar">
      <ViewSwitch />
      {view === "projector" && <ProjectorToolbar />}
      {view === "measures" && <MeasuresToolbar />}
      {view === "similarity" && <SimilarityToolbar />}
      {view !== "about" && <RowsMenu />}
      {view !== "about" && focus.value === null && <LayersMenu />}
      {view === "projector" && <ShowMenu />}
      <span class="spring" />
      {view === "projector" && <ProjectorTools />}
      {view === "projector" && <PictureMenu />}
      <LinkMenu />
      <HelpMenu />
    </div>
  );
}
