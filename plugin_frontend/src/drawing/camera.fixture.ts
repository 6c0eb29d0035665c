/** Cameras for the tests of what is drawn. */

import type { Camera } from "./renderer";

/** The whole of the reference map, in the middle. */
export const HOME: Camera = { x: 0, y: 0, scale: 1 };
