/** The selected samples: how many, as pictures or as a table, in which order. */

import { listedSamples, sortableColumns, sortedBy, type TableColumn } from "../state/sample_table";
import { probe } from "../state/server";
import { selectionLook, sortColumn, sortDescending } from "../state/settings";
import { Icon } from "./icons";
import { Segments } from "./Segments";
import { SelectionPictures } from "./SelectionPictures";
import { SelectionTable } from "./SelectionTable";

/** `isTitled`: whether it has to say by itself what it is and how many there are. */
export function SelectionList({ isTitled }: { isTitled: boolean }) {
  if (probe.value === null) return null;
  const { length } = listedSamples.value;
  return (
    <section class="selection" aria-label="Selected samples" data-testid="selection">
      {isTitled && (
        <header class="part-head">
          <h2>{length === 0 ? "Nothing selected" : `${number(length)} selected`}</h2>
        </header>
      )}
      {length === 0 ? (
        <p class="muted part-note">Nothing is selected: click a point, or draw a lasso round many.</p>
      ) : (
        <>
          <div class="sort">
            <SortChoice />
            <LookChoice />
          </div>
          {lookOf() === "table" ? <SelectionTable /> : <SelectionPictures />}
        </>
      )}
    </section>
  );
}

const lookOf = () => selectionLook.value ?? (probe.value?.thumbnails ? "pictures" : "table");

function LookChoice() {
  const small = probe.value?.thumbnails ? "Pictures" : "Ids";
  return (
    <Segments
      legend="How the selected samples show"
      name="selection-look"
      value={lookOf()}
      segments={[
        { value: "pictures", label: <Icon name="tiles" />, name: small, hint: small, testid: "as-pictures" },
        { value: "table", label: <Icon name="table" />, name: "Table", hint: "Table", testid: "as-table" },
      ]}
      onChange={(look) => {
        selectionLook.value = look;
      }}
    />
  );
}

export const number = (count: number) => count.toLocaleString("en");

function SortChoice() {
  const groups = new Map<string | null, TableColumn[]>();
  for (const one of sortableColumns.value) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  const options = (all: readonly TableColumn[]) =>
    all.map((one) => (
      <option key={one.key} value={one.key} title={one.text}>
        {one.label}
      </option>
    ));
  const down = sortDescending.value;
  return (
    <>
      <label class="sort-by">
        <span class="muted">Sort</span>
        <select
          data-testid="sort-by"
          value={sortedBy.value?.key ?? ""}
          onChange={(event) => {
            sortColumn.value = event.currentTarget.value || null;
          }}
        >
          <option value="">Probe's order</option>
          {[...groups].map(([group, all]) =>
            group === null ? (
              options(all)
            ) : (
              <optgroup key={group} label={group}>
                {options(all)}
              </optgroup>
            ),
          )}
        </select>
      </label>
      <button
        type="button"
        class="icon-button small"
        aria-label={down ? "Sorted from high to low: turn round" : "Sorted from low to high: turn round"}
        title={down ? "From high to low" : "From low to high"}
        aria-pressed={down}
        data-testid="sort-direction"
        onClick={() => {
          sortDescending.value = !down;
        }}
      >
        <Icon name={down ? "descending" : "ascending"} />
      </button>
    </>
  );
}
