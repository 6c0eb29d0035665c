/** From a map of three dimensions to what is seen of it: turned as the user has turned it, in mild perspective. Pure. */

/** Turned about the upright axis by `yaw`, then towards the viewer by `pitch`; radians. */
export interface Rotation {
  readonly yaw: number;
  readonly pitch: number;
}

/** A little from the side and from above: seen straight from the front, three dimensions look like two. */
export const HOME_ROTATION: Rotation = { yaw: -0.5, pitch: 0.35 };

/** Of the viewer from the middle, in map units (maps have RMS radius about 1): enough to tell near from far, no more. */
export const DISTANCE = 12;
/** Nothing comes nearer to the viewer than this, however far from the others it lies. */
const NEAREST = DISTANCE / 3;
const RADIANS_PER_PIXEL = 0.008;

type Vector = readonly [number, number, number];

/** Where the rotation puts a point: x to the right, y up, z towards the viewer. */
export function turnedPoint([x, y, z]: Vector, { yaw, pitch }: Rotation): Vector {
  const across = Math.cos(yaw) * x + Math.sin(yaw) * z;
  const towards = Math.cos(yaw) * z - Math.sin(yaw) * x;
  return [across, Math.cos(pitch) * y - Math.sin(pitch) * towards, Math.sin(pitch) * y + Math.cos(pitch) * towards];
}

/** x0, y0, z0, x1, … of all samples as x0, y0, x1, …: where each is seen. */
export function seen(coordinates: Float32Array, rotation: Rotation): Float32Array {
  const { yaw, pitch } = rotation;
  const [cosYaw, sinYaw, cosPitch, sinPitch] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  const samples = coordinates.length / 3;
  const places = new Float32Array(2 * samples);
  for (let i = 0; i < samples; i++) {
    const x = coordinates[3 * i] as number;
    const y = coordinates[3 * i + 1] as number;
    const z = coordinates[3 * i + 2] as number;
    const towards = cosYaw * z - sinYaw * x;
    const larger = DISTANCE / Math.max(NEAREST, DISTANCE - (sinPitch * y + cosPitch * towards));
    places[2 * i] = (cosYaw * x + sinYaw * z) * larger;
    places[2 * i + 1] = (cosPitch * y - sinPitch * towards) * larger;
  }
  return places;
}

/** Half the depth over which points go from far to near, map units: where most samples of a map lie (RMS radius about 1). */
const HALF_DEPTH = 1.4;

/** How near to the viewer each sample of such coordinates is, 0 far to 1 near: alike for all maps, whatever they hold. */
export function nearness(coordinates: Float32Array, { yaw, pitch }: Rotation): Float32Array {
  const [ofX, ofY, ofZ] = [-Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)];
  const near = new Float32Array(coordinates.length / 3);
  for (let i = 0; i < near.length; i++) {
    const [x, y, z] = [coordinates[3 * i], coordinates[3 * i + 1], coordinates[3 * i + 2]] as [number, number, number];
    near[i] = Math.min(1, Math.max(0, 0.5 + (ofX * x + ofY * y + ofZ * z) / (2 * HALF_DEPTH)));
  }
  return near;
}

/** How large a sphere of that radius looks, whose middle is the map's. */
export function seenRadius(radius: number): number {
  return radius / Math.sqrt(1 - Math.min(radius / DISTANCE, 0.8) ** 2);
}

/** "turned -29°, tilted 20°". */
export function rotationText({ yaw, pitch }: Rotation): string {
  const degrees = (angle: number) => `${Math.round((180 * angle) / Math.PI)}°`;
  return `turned ${degrees(yaw)}, tilted ${degrees(pitch)}`;
}

/** After a drag by so many pixels (down is positive): what lies in front follows the hand. It never goes head over. */
export function turned({ yaw, pitch }: Rotation, dx: number, dy: number): Rotation {
  const right = Math.PI / 2;
  const whole = yaw + dx * RADIANS_PER_PIXEL;
  return {
    yaw: whole - 2 * Math.PI * Math.round(whole / (2 * Math.PI)),
    pitch: Math.min(right, Math.max(-right, pitch + dy * RADIANS_PER_PIXEL)),
  };
}
