/** The size of an element, followed while it changes. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function useSize<Element extends HTMLElement>(onSize?: (size: Size) => void) {
  const ref = useRef<Element>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const read = () => {
      const now = { width: element.clientWidth, height: element.clientHeight };
      // TensorBoard hides our tab by giving the page no height: keep the last layout for when it comes back.
      if (window.innerHeight === 0) return;
      setSize((before) => (before.width === now.width && before.height === now.height ? before : now));
      onSize?.(now);
    };
    const observer = new ResizeObserver(read);
    observer.observe(element);
    read();
    return () => observer.disconnect();
  }, [onSize]);
  return [ref, size] as const;
}
