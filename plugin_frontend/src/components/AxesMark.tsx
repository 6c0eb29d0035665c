/** How the maps are turned: the reference map's three axes as they lie now, the one that comes nearest drawn last. */

import { turnedPoint } from "../state/rotation";
import { rotation } from "../state/settings";

const HALF = 18;
const LENGTH = 9;
/** Where the letters stand, beyond the ends. */
const LETTERS = 13;

const AXES = [
  ["x", [1, 0, 0]],
  ["y", [0, 1, 0]],
  ["z", [0, 0, 1]],
] as const;

export function AxesMark() {
  const { yaw, pitch } = rotation.value;
  const axes = AXES.map(([name, axis]) => ({ name, to: turnedPoint(axis, { yaw, pitch }) }));
  axes.sort((a, b) => a.to[2] - b.to[2]);
  const degrees = (radians: number) => Math.round((radians * 180) / Math.PI);
  return (
    <svg
      class="axes-mark"
      width={2 * HALF}
      height={2 * HALF}
      viewBox={`${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`}
      role="img"
      aria-label={`All maps are turned by ${degrees(yaw)}° to the right and ${degrees(pitch)}° downwards`}
      data-testid="axes-mark"
      data-yaw={yaw}
      data-pitch={pitch}
    >
      {axes.map(({ name, to: [x, y, z] }) => (
        <g key={name} opacity={0.65 + 0.35 * ((z + 1) / 2)}>
          <line x2={LENGTH * x} y2={-LENGTH * y} />
          <text x={LETTERS * x} y={-LETTERS * y} dy="0.35em">
            {name}
          </text>
        </g>
      ))}
    </svg>
  );
}
