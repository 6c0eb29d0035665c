/** On a map that is not there yet: what it waits for, and how far all of them are. */

import type { PanelStatus } from "../state/frames";
import { computing, placeInLine } from "../state/waiting";

interface Props {
  /** Of the panel. */
  readonly of: string;
  readonly kind: Exclude<PanelStatus["kind"], "ready" | "failed">;
}

export function WaitingMark({ of, kind }: Props) {
  const share = kind === "asking" ? null : computing.value;
  return (
    <span class={`waiting waiting-${kind}`} data-testid="waiting-mark">
      <span>{textOf(kind, placeInLine(of))}</span>
      {share !== null && <progress max={share.total} value={share.done} aria-label="Maps computed" />}
    </span>
  );
}

function textOf(kind: Props["kind"], place: string | null): string {
  if (kind === "asking") return "Loading";
  if (kind === "running") return "Computing";
  return place === null ? "Queued" : `Queued, ${place}`;
}
