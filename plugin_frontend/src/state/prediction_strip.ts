/** A model's predictions for one sample as a strip under the steps: a piece for each stretch of one class. Pure functions. */

export interface Piece {
  readonly prediction: number;
  /** Its first and last step. */
  readonly from: number;
  readonly until: number;
  /** Pixels. */
  readonly left: number;
  readonly right: number;
}

/**
 * A step's piece reaches half-way to its neighbours, and at the ends `margin` beyond; that of a model that stands still goes on
 * to the end. Steps without a prediction leave a gap.
 */
export function predictionStrip(
  steps: readonly number[],
  predictions: readonly (number | null)[],
  toPixel: (step: number) => number,
  margin: number,
  until: number | null = null,
): Piece[] {
  const xs = steps.map(toPixel);
  const pieces: Piece[] = [];
  steps.forEach((step, i) => {
    const prediction = predictions[i];
    if (prediction === null || prediction === undefined) return;
    const x = xs[i] as number;
    const before = xs[i - 1];
    const after = xs[i + 1];
    const left = before === undefined ? x - margin : (before + x) / 2;
    const end = until === null ? x : Math.max(x, toPixel(until));
    const right = after === undefined ? end + margin : (x + after) / 2;
    const last = pieces.at(-1);
    if (last !== undefined && last.prediction === prediction && steps[i - 1] === last.until)
      pieces[pieces.length - 1] = { ...last, until: step, right };
    else pieces.push({ prediction, from: step, until: step, left, right });
  });
  return pieces;
}

/** As much of a class's name as a piece has room for: all of it, its first letters, or nothing. */
export function nameThatFits(name: string, width: number, character: number): string {
  const room = Math.floor((width - 4) / character);
  if (name.length <= room) return name;
  return room >= 3 ? name.slice(0, 3) : name.slice(0, Math.max(0, Math.min(1, room)));
}
