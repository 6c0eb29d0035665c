/**
 * How a sample is marked, shared by both renderers so that they give the same picture.
 *
 * A mark is a stack of discs, given by four radii in CSS pixels from the middle outwards: the disc in the sample's
 * colour, a gap of paper, a ring of ink, a halo of paper. Equal radii leave the part between them out.
 */

/** Radii of the coloured disc, the paper gap, the ink ring and the paper halo: ascending, CSS pixels. */
export type Radii = readonly [disc: number, gap: number, ring: number, halo: number];

/** The most alpha that a dimmed sample keeps. */
export const DIMMED_ALPHA = 0.15;

/** How much of its alpha a sample keeps where it was at another step. */
export const GHOST_ALPHA = 0.3;

/** What a sample of a map of three dimensions has of its size and alpha, farthest from the viewer and nearest. */
export const FAR_SIZE = 0.55;
export const NEAR_SIZE = 1.35;
export const FAR_ALPHA = 0.35;

export const sizeAt = (nearness: number) => FAR_SIZE + nearness * (NEAR_SIZE - FAR_SIZE);
export const alphaAt = (nearness: number) => FAR_ALPHA + nearness * (1 - FAR_ALPHA);

export function resized([disc, gap, ring, halo]: Radii, factor: number): Radii {
  return [factor * disc, factor * gap, factor * ring, factor * halo];
}

/** Values of `PointStyle.emphasis`. */
export const NORMAL = 0;
export const SELECTED = 1;
export const DIMMED = 2;

/** A normal or dimmed sample: a hairline of paper parts it from what it overlaps, unless it is too small for that. */
export function normalRadii(pointSize: number): Radii {
  const disc = pointSize / 2;
  return [disc, disc, disc, disc + (pointSize >= 4 ? 0.4 : 0)];
}

/** Whether a mark is one disc, without gap, ring and halo. */
export function isPlain([disc, , , halo]: Radii): boolean {
  return disc === halo;
}

/** A selected sample has a hairline at any size: it parts the colour from the ink under it. */
export function selectedRadii(pointSize: number): Radii {
  const disc = pointSize / 2;
  return [disc, disc, disc, disc + Math.min(0.5, 0.12 * pointSize)];
}

/**
 * What lies under the selected samples, all of it drawn before any of their discs: so a lone sample has a ring, and a
 * crowd one outline around it rather than a thicket of rings that hides the colours.
 */
export function outlineRadii(pointSize: number): Radii {
  const reach = selectedRadii(pointSize)[3] + (pointSize >= 4 ? 1.2 : 0.9);
  return [0, 0, reach, reach];
}

/** Where a sample was at another step: its disc alone. */
export function ghostRadii(pointSize: number): Radii {
  const disc = pointSize / 2;
  return [disc, disc, disc, disc];
}

/** A sample marked in one panel: less than the hovered one, more than any other. */
export function markedRadii(pointSize: number): Radii {
  const disc = Math.max(pointSize / 2, 1.5);
  return [disc, disc + 1, disc + 2.2, disc + 3];
}

/** The hovered sample: found at once in every panel, whatever lies around it. */
export function hoveredRadii(pointSize: number): Radii {
  const disc = Math.max(pointSize / 2, 2) + 1;
  return [disc, disc + 1.5, disc + 3.5, disc + 5.5];
}
