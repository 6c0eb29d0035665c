/** A sample's picture, cut out of the run's sprite sheet. */

import { thumbnailsUrl } from "../api/client";
import { probe, probeGroup } from "../state/server";

/** The square of `size` CSS pixels that the picture has to fit into. */
export function Thumbnail({ sample, size }: { sample: number; size: number }) {
  const index = probe.value?.thumbnails;
  const run = probeGroup.value?.runs[0];
  if (!index || run === undefined) return null;
  const scale = size / Math.max(index.width, index.height);
  const width = index.width * scale;
  const height = index.height * scale;
  const cell = sample % index.per_sheet;
  const column = cell % index.columns;
  const row = Math.floor(cell / index.columns);
  const style = {
    width: `${width}px`,
    height: `${height}px`,
    backgroundImage: `url("${thumbnailsUrl(run, Math.floor(sample / index.per_sheet))}")`,
    backgroundSize: `${index.columns * width}px auto`,
    backgroundPosition: `${-column * width}px ${-row * height}px`,
    imageRendering: scale > 1 ? "pixelated" : "auto",
  };
  return <div class="thumbnail" style={style} role="img" aria-label={`Picture of sample ${sample}`} />;
}
