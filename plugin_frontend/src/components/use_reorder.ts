/** Dragging an item of a list by its handle to another place. What is dragged stays where it is until it is let go. */

import type { TargetedPointerEvent } from "preact";
import { useRef, useState } from "preact/hooks";

export interface Drag {
  readonly key: string;
  /** Among the items that can be moved, without itself; null: where it was. */
  readonly place: number | null;
}

/** Items bear `data-movable` with their key; only those with the same `data-band` change places. */
export function useReorder(onMove: (key: string, placeInBand: number) => void) {
  const list = useRef<HTMLUListElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);

  const others = (key: string): HTMLElement[] => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>("[data-movable]") ?? [])];
    const band = items.find((item) => item.dataset.movable === key)?.dataset.band;
    return items.filter((item) => item.dataset.band === band && item.dataset.movable !== key);
  };
  const middleOf = (item: HTMLElement) => {
    const { top, height } = item.getBoundingClientRect();
    return top + height / 2;
  };

  const handleProps = (key: string) => ({
    onPointerDown(event: TargetedPointerEvent<HTMLElement>) {
      if (event.button !== 0 || !event.isPrimary) return;
      event.preventDefault(); // no text is selected on the way
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ key, place: null });
    },
    onPointerMove(event: TargetedPointerEvent<HTMLElement>) {
      if (drag?.key !== key) return;
      const items = others(key);
      const place = items.filter((item) => middleOf(item) < event.clientY).length;
      setDrag({ key, place });
      items[Math.min(place, items.length - 1)]?.scrollIntoView({ block: "nearest" });
    },
    onPointerUp() {
      if (drag?.key === key && drag.place !== null) onMove(key, drag.place);
      setDrag(null);
    },
    onPointerCancel() {
      setDrag(null);
    },
  });

  /** Where the dragged item would come to lie, as a class of another item of its band: `index` of `count` in it. */
  const dropClass = (index: number, count: number): string => {
    if (drag === null || drag.place === null) return "";
    if (index === drag.place) return "drop-before";
    return index === count - 1 && drag.place === count ? "drop-after" : "";
  };

  return { list, drag, handleProps, dropClass };
}
