/** The whole panel: toolbar, note, grid with legend, dock; or, where there is nothing to show, why. */

import { allRows, focused, rows, steps } from "../state/grid";
import { areComing } from "../state/measures_view";
import { connectionError, overview } from "../state/server";
import { chosenRows, chosenView, sideHidden } from "../state/settings";
import { width } from "../state/side_column";
import { AboutView } from "./AboutView";
import { Dock } from "./Dock";
import { EmptyState, HowToLog } from "./EmptyState";
import { FirstVisit } from "./FirstVisit";
import { FocusView } from "./FocusView";
import { Grid } from "./Grid";
import { LinkNotice } from "./LinkNotice";
import { MeasureNote } from "./MeasureNote";
import { MeasuresView } from "./MeasuresView";
import { ReferenceNote } from "./ReferenceNote";
import { HoverCard } from "./SampleCard";
import { Side } from "./Side";
import { SimilarityView } from "./SimilarityView";
import { Toolbar } from "./Toolbar";
import { Trouble } from "./Trouble";

export function App() {
  const known = overview.value;
  if (known === null) return <BeforeOverview />;
  if (allRows.value.length === 0) return <NothingToShow />;
  return (
    <div
      class={`app ${sideHidden.value ? "app-wide" : ""}`}
      data-testid="app"
      style={{ "--side-width": `${width.value}px` }}
    >
      <header>
        <h1 class="unseen">KD Projector</h1>
        <FirstVisit />
        <Toolbar />
        <LinkNotice />
        <Note />
      </header>
      <main class="stage">
        {chosenView.value === "about" ? (
          <AboutView />
        ) : rows.value.length === 0 ? (
          <NoRowChosen />
        ) : steps.value.length === 0 ? (
          <EmptyState title="Waiting for the first step" testid="waiting" busy>
            <p>
              The run is there, but nothing is embedded yet. Maps and measures appear by themselves when the logger
              writes a step.
            </p>
          </EmptyState>
        ) : (
          <View />
        )}
        <Side />
      </main>
      {chosenView.value !== "about" && <Dock />}
      <HoverCard />
    </div>
  );
}

function Note() {
  if (chosenView.value === "about") return <Trouble />;
  return chosenView.value === "projector" ? <ReferenceNote /> : <MeasureNote />;
}

function View() {
  if (chosenView.value !== "projector" && areComing.value)
    return <EmptyState title="Reading the measures…" testid="reading-measures" busy />;
  if (chosenView.value === "measures") return <MeasuresView />;
  if (chosenView.value === "similarity") return <SimilarityView />;
  return focused.value === null ? <Grid /> : <FocusView />;
}

function BeforeOverview() {
  if (connectionError.value === null) return <EmptyState title="Looking for runs…" testid="loading" busy />;
  return (
    <EmptyState title="The runs cannot be listed" testid="error">
      <p role="alert">{connectionError.value}</p>
      <p>This page tries again every two seconds.</p>
    </EmptyState>
  );
}

function NothingToShow() {
  const broken = overview.value?.runs.filter((run) => run.error !== null) ?? [];
  if (broken.length === 0) {
    return (
      <EmptyState title="No run here has embeddings yet" testid="empty">
        <HowToLog />
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No run here can be read" testid="error">
      <ul>
        {broken.map((run) => (
          <li key={run.name}>
            <b>{run.name}</b>: {run.error}
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}

function NoRowChosen() {
  return (
    <EmptyState title="No row is chosen" testid="no-rows">
      <p>Choose models under “Rows”, or go back to those that showed first.</p>
      <button
        type="button"
        class="text-button"
        onClick={() => {
          chosenRows.value = null;
        }}
      >
        Show the first rows
      </button>
    </EmptyState>
  );
}
