/** The sheet Select: the field that finds, the other ways to choose samples, and what can be done with those that are selected. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { findRequests, found } from "../state/find_samples";
import { available, clearSelection, invertSelection, isolateSelection, showAllSamples } from "../state/selection";
import { probe } from "../state/server";
import { hovered, isolated, query, type SelectTab, selection, selectTab } from "../state/settings";
import { ExportSamples } from "./ExportSamples";
import { FindSamples } from "./FindSamples";
import { Icon } from "./icons";
import { MostMoved } from "./MostMoved";
import { ReadyMadeSets } from "./ReadyMadeSets";
import { SavedSelections } from "./SavedSelections";
import { type Segment, Segments } from "./Segments";
import { usePreview } from "./use_preview";
import { useSheet } from "./use_sheet";
import { ValueSets } from "./ValueSets";

const TABS: readonly Segment<SelectTab>[] = [
  { value: "sets", label: "Sets", hint: "Who is right where others are wrong", testid: "tab-sets" },
  { value: "values", label: "Values", hint: "A class, or a range of any column", testid: "tab-values" },
  { value: "moved", label: "Moved", hint: "Those that moved most between two steps", testid: "tab-moved" },
  { value: "saved", label: "Saved", hint: "Selections with a name", testid: "tab-saved" },
  {
    value: "export",
    label: "Export",
    hint: "Samples, their outputs and coordinates as CSV or JSON",
    testid: "tab-export",
  },
];

export function SelectMenu() {
  const { buttonProps, sheetProps, isOpen, show } = useSheet();
  const asked = findRequests.value;
  useEffect(() => {
    if (asked > 0) show();
  }, [asked]);
  const count = selection.value.size;
  return (
    <>
      <button
        {...buttonProps}
        type="button"
        class="menu-button"
        title="Find and select samples (/)"
        data-testid="select"
      >
        <span class="muted">Select</span>
        {/* Always as wide: what is selected must not push the maps about. */}
        <span class="select-count" role="status" data-testid="selection-count" data-count={count}>
          {count === 0 ? "none" : count}
          <span class="unseen">{count === 0 ? "" : " selected"}</span>
        </span>
        <Icon name="chevron" />
      </button>
      <button
        type="button"
        class="icon-button small clear-selection"
        aria-label="Clear the selection (Escape)"
        title="Clear the selection (Escape)"
        data-testid="clear-selection"
        disabled={count === 0}
        onClick={clearSelection}
      >
        <Icon name="close" />
      </button>
      <div {...sheetProps} class="sheet select-sheet" data-testid="select-sheet">
        {isOpen && <SheetBody key={asked} />}
      </div>
    </>
  );
}

function SheetBody() {
  const [isFinding, setFinding] = useState(query.peek().text !== "");
  const answer = found.value;
  const isNarrow = isFinding && query.value.text !== "" && "hits" in answer;
  const hits = useMemo(() => (isNarrow ? answer.hits.map((hit) => hit.sample) : null), [isNarrow, answer]);
  usePreview(hits);
  useEffect(
    () => () => {
      hovered.value = null;
    },
    [],
  );
  return (
    <>
      <FindSamples isOpen={isFinding} onOpen={setFinding} />
      {!isFinding && (
        <>
          <div class="select-tabs">
            <Segments
              legend="Ways to select"
              name="select-tab"
              segments={TABS}
              value={selectTab.value}
              onChange={(tab) => {
                selectTab.value = tab;
              }}
            />
          </div>
          <div class="select-body">
            <Tab />
          </div>
        </>
      )}
      <Footer />
    </>
  );
}

function Tab() {
  switch (selectTab.value) {
    case "values":
      return <ValueSets />;
    case "moved":
      return <MostMoved />;
    case "export":
      return <ExportSamples />;
    case "saved":
      return <SavedSelections />;
    default:
      return <ReadyMadeSets />;
  }
}

/** Of the samples that show: one that was selected and then hidden is told apart. */
function Count() {
  const there = available.value;
  const inSight = there.filter((sample) => selection.value.has(sample)).length;
  const hidden = selection.value.size - inSight;
  const all = probe.value?.size ?? there.length;
  return (
    <p data-testid="selected-of">
      <b>{inSight}</b>{" "}
      <span class="muted">
        of {there.length === all ? all : `the ${there.length} that show`} selected
        {hidden > 0 && `, and ${hidden} hidden`}
      </span>
    </p>
  );
}

function Footer() {
  const count = selection.value.size;
  return (
    <footer class="select-footer">
      <Count />
      <button type="button" class="quiet-button" data-testid="invert" onClick={invertSelection}>
        Invert
      </button>
      {isolated.value === null ? (
        <button
          type="button"
          class="quiet-button"
          title="Show the selected samples alone"
          data-testid="isolate"
          disabled={count === 0}
          onClick={isolateSelection}
        >
          Isolate
        </button>
      ) : (
        <button type="button" class="quiet-button" data-testid="show-all" onClick={showAllSamples}>
          Show all
        </button>
      )}
      <button
        type="button"
        class="quiet-button"
        data-testid="select-none"
        disabled={count === 0}
        onClick={clearSelection}
      >
        Clear
      </button>
      <p class="select-keys muted">A click selects · with Shift it adds · with Alt it takes away</p>
    </footer>
  );
}
