/** A histogram with a brush: drag over it to make one, drag its ends or its middle; the ends are sliders for the keyboard, too. */

import type { TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import { useRef } from "preact/hooks";
import { dragged, type Grip, gripAt, type Histogram, type Range } from "../state/histogram";
import { valueText } from "../state/number_format";
import { chooseRange, isWholeRange, range } from "../state/select_sheet";

const WIDTH = 360;
const HEIGHT = 120;
/** CSS pixels at either side of an end that take hold of it. */
const REACH = 8;

interface Drag {
  readonly grip: Grip;
  readonly from: number;
  readonly before: Range;
}

export function HistogramBrush({ histogram: { counts, extent } }: { histogram: Histogram }) {
  const drag = useRef<Drag | null>(null);
  const [low, high] = extent;
  const span = high - low || 1;
  const x = (value: number) => (WIDTH * (value - low)) / span;
  const [from, to] = range.value;
  const most = Math.max(...counts);
  const width = WIDTH / counts.length;
  const valueAt = (event: TargetedPointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return low + (span * (event.clientX - box.left)) / box.width;
  };
  const handlers = {
    onPointerDown(event: TargetedPointerEvent<SVGSVGElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = valueAt(event);
      drag.current = { grip: gripAt(at, range.peek(), extent, (REACH / WIDTH) * span), from: at, before: range.peek() };
    },
    onPointerMove(event: TargetedPointerEvent<SVGSVGElement>) {
      const now = drag.current;
      if (now !== null) chooseRange(dragged(now.grip, now.before, extent, now.from, valueAt(event)));
    },
    onPointerUp() {
      drag.current = null;
    },
    onPointerCancel() {
      drag.current = null;
    },
    onDblClick: () => chooseRange(null),
  };
  return (
    <div class="brush">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} data-testid="brush" {...handlers}>
        <title>How many samples have which value</title>
        {counts.map((count, bin) => {
          const middle = low + (span * (bin + 0.5)) / counts.length;
          const height = count === 0 ? 0 : Math.max(1.5, ((HEIGHT - 8) * count) / most);
          const isIn = middle >= from && middle <= to;
          return (
            <rect
              key={bin}
              class={isIn ? "bar bar-in" : "bar"}
              x={bin * width + 0.5}
              y={HEIGHT - height}
              width={Math.max(1, width - 1)}
              height={height}
            />
          );
        })}
        {!isWholeRange.value && (
          <rect class="brush-range" x={x(from)} y={0} width={Math.max(1, x(to) - x(from))} height={HEIGHT} />
        )}
        <End name="low" label="From" at={x(from)} extent={extent} />
        <End name="high" label="To" at={x(to)} extent={extent} />
      </svg>
      <p class="brush-ends number">
        <span class="muted">{valueText(low)}</span>
        <b data-testid="brush-range" data-low={from} data-high={to}>
          {isWholeRange.value ? "all values" : `${valueText(from)} to ${valueText(to)}`}
        </b>
        <span class="muted">{valueText(high)}</span>
      </p>
    </div>
  );
}

interface EndProps {
  readonly name: "low" | "high";
  readonly label: string;
  readonly at: number;
  readonly extent: Range;
}

function End({ name, label, at, extent: [low, high] }: EndProps) {
  const value = range.value[name === "low" ? 0 : 1];
  const step = (high - low) / 100;
  const onKeyDown = (event: TargetedKeyboardEvent<SVGGElement>) => {
    const to: Readonly<Record<string, number>> = {
      ArrowLeft: value - step,
      ArrowDown: value - step,
      ArrowRight: value + step,
      ArrowUp: value + step,
      PageDown: value - 10 * step,
      PageUp: value + 10 * step,
      Home: low,
      End: high,
    };
    const target = to[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const [from, end] = range.peek();
    // An end stops at the other one: under the keyboard they must not change parts.
    if (name === "low") chooseRange([Math.min(end, Math.max(low, target)), end]);
    else chooseRange([from, Math.max(from, Math.min(high, target))]);
  };
  return (
    <g
      class="brush-end"
      role="slider"
      tabindex={0} // in SVG an attribute's case matters
      aria-label={label}
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={value}
      aria-valuetext={valueText(value)}
      data-testid={`brush-${name}`}
      data-takes-keys
      onKeyDown={onKeyDown}
    >
      <line x1={at} x2={at} y1={0} y2={HEIGHT} />
      <rect x={at - 3} y={HEIGHT / 2 - 10} width={6} height={20} rx={3} />
    </g>
  );
}
