/** The samples that were found, as a list of which only the part in view is there: it may be of all samples. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { className } from "../state/classes";
import type { Hit } from "../state/find_samples";
import { howOf, select } from "../state/selection";
import { probe } from "../state/server";
import { hovered, inspected, pointer } from "../state/settings";
import { Thumbnail } from "./Thumbnail";

const ROW = 32;
/** Rows beyond the edges, so that a fast hand sees no gaps. */
const SPARE = 6;

interface Props {
  readonly id: string;
  readonly hits: readonly Hit[];
  readonly active: number;
  readonly onPoint: (place: number) => void;
}

export function FoundList({ id, hits, active, onPoint }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const inView = Math.ceil((box.current?.clientHeight ?? 320) / ROW);
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const shown = hits.slice(first, first + inView + 2 * SPARE);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || active < 0) return;
    const { scrollTop, clientHeight } = element;
    if (active * ROW < scrollTop) element.scrollTop = active * ROW;
    else if ((active + 1) * ROW > scrollTop + clientHeight) element.scrollTop = (active + 1) * ROW - clientHeight;
    const sheet = element.getBoundingClientRect();
    // The card of the sample opens beside the sheet, at the height of its row.
    pointer.value = { x: sheet.left, y: sheet.top + active * ROW - element.scrollTop };
  }, [active]);
  return (
    <div
      ref={box}
      id={id}
      class="found"
      role="listbox"
      aria-label="Samples that were found"
      tabIndex={-1}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      onPointerLeave={() => {
        hovered.value = null;
      }}
    >
      <div style={{ height: `${ROW * hits.length}px`, paddingTop: `${ROW * first}px` }}>
        {shown.map((hit, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field above has the focus, and goes through the list by itself
          // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field does the same
          <div
            key={hit.sample}
            id={`${id}-${first + i}`}
            class="found-row"
            role="option"
            aria-selected={first + i === active}
            aria-setsize={hits.length}
            aria-posinset={first + i + 1}
            data-testid="found"
            data-sample={hit.sample}
            onPointerMove={() => {
              if (hovered.peek() === hit.sample) return;
              onPoint(first + i);
              hovered.value = hit.sample;
            }}
            onClick={(event) => {
              select([hit.sample], howOf(event));
              inspected.value = hit.sample;
            }}
          >
            <FoundSample hit={hit} />
          </div>
        ))}
      </div>
    </div>
  );
}

function FoundSample({ hit }: { hit: Hit }) {
  const known = probe.value;
  if (known === null) return null;
  const label = known.labels?.[hit.sample];
  return (
    <>
      {known.thumbnails && <Thumbnail sample={hit.sample} size={24} />}
      <span class="found-id">{hit.field === "id" ? <Marked hit={hit} /> : known.ids[hit.sample]}</span>
      {label !== undefined && (
        <span class="found-label">{hit.field === "label" ? <Marked hit={hit} /> : className(known, label)}</span>
      )}
      {hit.field !== "id" && hit.field !== "label" && (
        <span class="found-other muted">
          {hit.field} <Marked hit={hit} />
        </span>
      )}
    </>
  );
}

function Marked({ hit: { text, from, to } }: { hit: Hit }) {
  if (from === to) return <>{text}</>;
  return (
    <>
      {text.slice(0, from)}
      <mark>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  );
}
