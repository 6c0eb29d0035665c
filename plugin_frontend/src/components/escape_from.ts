/** Escape, for as long as something goes on that it ends: nothing else hears of it. */

/** Returns what lets the key be again. */
export function escapeFrom(end: () => void): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    end();
  };
  // Before whoever listens to the panel's keys.
  window.addEventListener("keydown", onKeyDown, true);
  return () => window.removeEventListener("keydown", onKeyDown, true);
}
