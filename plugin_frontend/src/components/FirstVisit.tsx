/** The first visit's hints: three short callouts, one after the other, each beside what it is about. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { focused, panels } from "../state/grid";
import { dismissHints, HINTS, hint, nextHint } from "../state/hints";
import { chosenView } from "../state/settings";

interface Callout {
  readonly title: string;
  readonly text: string;
  /** Of what it is about. */
  readonly anchor: string;
}

const CALLOUTS: readonly Callout[] = [
  {
    title: "Rows are models, columns are layers",
    text: "Each map shows the same samples as one layer of one model sees them, from the input at the left to the output at the right. A sample that you point at is ringed in all of them.",
    anchor: ".row-header",
  },
  {
    title: "The slider is the training",
    text: "Drag it, use the arrow keys, or press space to play: the samples move as the models learn. The chart above it says in a number what the maps show in a picture.",
    anchor: "[data-testid=step-slider]",
  },
  {
    title: "One reference, and what to trust",
    text: "All maps are laid onto this map, so places compare. Trust what is near, not how far groups are apart: “kNN” is the embedding's own accuracy, “map” how many true neighbours the map kept.",
    anchor: "[data-testid=reference-note]",
  },
];

const GAP = 12;
const MARGIN = 8;

export function FirstVisit() {
  const at = hint.value;
  if (at === null || chosenView.value !== "projector" || focused.value !== null || panels.value.length === 0)
    return null;
  const callout = CALLOUTS[at];
  return callout === undefined ? null : <Beside key={at} callout={callout} at={at} />;
}

interface Place {
  readonly anchor: DOMRect;
  readonly left: number;
  readonly top: number;
}

/** Followed while it shows: maps, rows and the window may change under it. */
function usePlace(selector: string) {
  const card = useRef<HTMLElement>(null);
  const [place, setPlace] = useState<Place | null>(null);
  useLayoutEffect(() => {
    let frame = 0;
    let before = "";
    const follow = () => {
      const anchor = document.querySelector(selector)?.getBoundingClientRect();
      if (anchor !== undefined && card.current !== null) {
        const found = placeBy(anchor, card.current.offsetWidth, card.current.offsetHeight);
        const now = JSON.stringify(found);
        if (now !== before) setPlace(found);
        before = now;
      }
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [selector]);
  return { card, place };
}

/** Under what it is about or, where there is no room, above. */
function placeBy(anchor: DOMRect, width: number, height: number): Place {
  const isBelow = anchor.bottom + GAP + height + MARGIN <= window.innerHeight;
  const middle = anchor.left + Math.min(anchor.width / 2, width / 2);
  return {
    anchor,
    left: Math.max(MARGIN, Math.min(middle - 28, window.innerWidth - width - MARGIN)),
    top: Math.max(MARGIN, isBelow ? anchor.bottom + GAP : anchor.top - GAP - height),
  };
}

function Beside({ callout, at }: { callout: Callout; at: number }) {
  const { card, place } = usePlace(callout.anchor);
  const isLast = at === HINTS - 1;
  const next = useRef<HTMLButtonElement>(null);
  // Whoever has begun to step through goes on with the same key; nobody's focus is taken on arrival.
  useLayoutEffect(() => {
    if (at > 0) next.current?.focus({ preventScroll: true });
  }, [at]);
  return (
    <>
      {place !== null && (
        <div
          class="hint-ring"
          style={{
            left: `${place.anchor.left - 3}px`,
            top: `${place.anchor.top - 3}px`,
            width: `${place.anchor.width + 6}px`,
            height: `${place.anchor.height + 6}px`,
          }}
        />
      )}
      <section
        ref={card}
        class="hint"
        style={place === null ? { visibility: "hidden" } : { left: `${place.left}px`, top: `${place.top}px` }}
        role="dialog"
        aria-labelledby="hint-title"
        aria-describedby="hint-text"
        data-testid="hint"
        data-hint={at}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          dismissHints();
        }}
      >
        <h2 id="hint-title">{callout.title}</h2>
        <p id="hint-text">{callout.text}</p>
        <p class="hint-buttons">
          <span class="muted">
            {at + 1} of {HINTS}
          </span>
          {!isLast && (
            <button type="button" class="text-button" data-testid="skip-hints" onClick={dismissHints}>
              Skip
            </button>
          )}
          <button ref={next} type="button" class="hint-next" data-testid="next-hint" onClick={nextHint}>
            {isLast ? "Got it" : "Next"}
          </button>
        </p>
      </section>
    </>
  );
}
