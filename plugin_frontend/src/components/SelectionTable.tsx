/** The selected samples as a table: only the rows in sight are made, so that it may be as long as the probe. */

import { useEffect, useState } from "preact/hooks";
import { columnWidth } from "../state/column_width";
import { listedSamples, sortedBy, tableColumns, valuesOf } from "../state/sample_table";
import { probe } from "../state/server";
import { inspected } from "../state/settings";
import { inspect } from "../state/side_column";
import { letGo, pointOut } from "./pointed_out";
import { SampleRow } from "./SampleRow";
import { SampleTableHead, THUMBNAIL } from "./SampleTableHead";
import { ROW_HEIGHT, rowsInSight, targetRow } from "./table_rows";
import { useSize } from "./use_size";

/** Of the two lines of headers, CSS pixels. */
const HEAD = 44;
const rowId = (sample: number) => `selected-${sample}`;

export function SelectionTable() {
  const [box, { height }] = useSize<HTMLDivElement>();
  const [scrolled, setScrolled] = useState(0);
  /** The sample of the row that the keys are on. */
  const [active, setActive] = useState<number | null>(null);
  const samples = listedSamples.value;
  const columns = tableColumns.value;
  const cells = columns.map((column) => ({ column, values: valuesOf(column) }));
  const hasPictures = probe.value?.thumbnails !== null;
  const place = active === null ? -1 : samples.indexOf(active);
  const { first, last } = rowsInSight(scrolled, height - HEAD, samples.length);
  const width = columns.reduce(
    (sum, one) => sum + columnWidth(one, sortedBy.value?.key === one.key),
    hasPictures ? THUMBNAIL : 0,
  );

  useEffect(() => letGo, []);

  // What the list is sorted by is to be seen.
  const sortedKey = sortedBy.value?.key;
  useEffect(() => {
    const scroller = box.current;
    const header = [...(scroller?.querySelectorAll<HTMLElement>("th[data-key]") ?? [])].find(
      (one) => one.dataset.key === sortedKey,
    );
    if (!scroller || !header) return;
    const beyond = header.getBoundingClientRect().right - scroller.getBoundingClientRect().right;
    if (beyond > 0) scroller.scrollLeft += beyond + 8;
  }, [box, sortedKey]);

  const moveTo = (row: number) => {
    const sample = samples[row];
    const scroller = box.current;
    if (sample === undefined || scroller === null) return;
    const top = row * ROW_HEIGHT;
    const most = scroller.clientHeight - HEAD - ROW_HEIGHT;
    scroller.scrollTop = Math.min(Math.max(scroller.scrollTop, top - most), top);
    setScrolled(scroller.scrollTop);
    setActive(sample);
    pointOut(sample, scroller);
  };

  return (
    <div
      ref={box}
      class="table-scroll"
      data-testid="selection-table"
      onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows the keys go through is a grid
        role="grid"
        class="sample-table"
        style={{ width: `${width}px` }}
        aria-label="Selected samples"
        aria-rowcount={samples.length + 2}
        aria-activedescendant={active === null ? undefined : rowId(active)}
        tabIndex={0}
        data-takes-keys
        onFocus={(event) => {
          // A header in focus is no row.
          if (event.target === event.currentTarget) moveTo(Math.max(place, 0));
        }}
        onBlur={letGo}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget) return;
          if (active !== null && (event.key === "Enter" || event.key === " ")) inspect(active);
          else {
            const page = Math.max(1, Math.floor((height - HEAD) / ROW_HEIGHT) - 1);
            const row = targetRow(event.key, place, samples.length, page);
            if (row === null) return;
            moveTo(row);
          }
          event.preventDefault();
        }}
      >
        <colgroup>
          {hasPictures && <col style={{ width: `${THUMBNAIL}px` }} />}
          {columns.map((one) => (
            <col key={one.key} style={{ width: `${columnWidth(one, sortedBy.value?.key === one.key)}px` }} />
          ))}
        </colgroup>
        <SampleTableHead columns={columns} hasPictures={hasPictures} />
        <tbody>
          <Gap rows={first} />
          {samples.slice(first, last).map((sample, i) => (
            <SampleRow
              key={sample}
              id={rowId(sample)}
              index={first + i}
              sample={sample}
              cells={cells}
              hasPicture={hasPictures}
              isActive={sample === active}
              isInspected={sample === inspected.value}
              onClick={() => {
                setActive(sample);
                inspect(sample);
                letGo();
              }}
            />
          ))}
          <Gap rows={samples.length - last} />
        </tbody>
      </table>
    </div>
  );
}

/** In place of rows that are out of sight. */
function Gap({ rows }: { rows: number }) {
  return rows === 0 ? null : <tr class="table-gap" style={{ height: `${rows * ROW_HEIGHT}px` }} />;
}
