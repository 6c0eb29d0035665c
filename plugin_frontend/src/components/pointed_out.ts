/** What an element of the column at the right does that stands for a sample: pointed at, or in focus, it rings the sample in every map. */

import { hovered, pointer } from "../state/settings";

/** Ring the sample, and open its card beside the element, towards the maps. */
export function pointOut(sample: number, element: Element): void {
  const { top } = element.getBoundingClientRect();
  const column = element.closest(".side") ?? element;
  pointer.value = { x: column.getBoundingClientRect().left, y: top };
  hovered.value = sample;
}

export function letGo(): void {
  hovered.value = null;
}

export function pointedOut(sample: number) {
  return {
    onPointerEnter: (event: { currentTarget: Element }) => pointOut(sample, event.currentTarget),
    onPointerLeave: letGo,
    onFocus: (event: { currentTarget: Element }) => pointOut(sample, event.currentTarget),
    onBlur: letGo,
  };
}
