/** TensorBoard's page around ours: its theme, its window, and whether our tab is the one that shows. */

import { signal } from "@preact/signals";

export const dark = signal(false);

/** A hidden TensorBoard tab keeps our page alive at height 0. */
export function isShowing(): boolean {
  return !document.hidden && window.innerHeight > 0;
}

/** TensorBoard marks its body; where our page stands alone, the system's preference holds. Returns what ends it. */
export function followTheme(): () => void {
  const body = hostBody();
  if (body === null) {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const read = () => apply(system.matches);
    system.addEventListener("change", read);
    read();
    return () => system.removeEventListener("change", read);
  }
  const read = () => apply(body.classList.contains("dark-mode"));
  const observer = new MutationObserver(read);
  observer.observe(body, { attributes: true, attributeFilter: ["class"] });
  read();
  return () => observer.disconnect();
}

function apply(isDark: boolean): void {
  dark.value = isDark;
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
}

const hostBody = (): HTMLElement | null => hostWindow()?.document.body ?? null;

/** TensorBoard's window; null where our page stands alone, or a page of another origin embeds us. */
export function hostWindow(): Window | null {
  try {
    return window.parent === window || window.parent.document === null ? null : window.parent;
  } catch {
    return null;
  }
}
