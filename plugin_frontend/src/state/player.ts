/** Plays the steps one after the other, never faster than their frames arrive. */

import { effect } from "@preact/signals";
import { pendingCount } from "./frames";
import { goToStep, step, steps } from "./grid";
import { isShowing } from "./host_page";
import { playing, speed } from "./settings";
import { neighbourStep } from "./timeline";

const CHECK_MS = 100;

/** From the end it starts over. */
export function togglePlaying(): void {
  if (!playing.peek() && step.peek() === steps.peek().at(-1)) goToStep(steps.peek()[0] ?? null);
  playing.value = !playing.peek();
}

export function stepBy(by: number): void {
  const at = step.peek();
  playing.value = false;
  if (at !== null) goToStep(neighbourStep(steps.peek(), at, by));
}

/** Returns what ends it. */
export function keepPlaying(): () => void {
  let timer = 0;
  const stop = effect(() => {
    clearTimeout(timer);
    if (!playing.value) return;
    const pause = 1000 / speed.value;
    const tick = () => {
      if (!isShowing() || pendingCount.peek() > 0) {
        timer = window.setTimeout(tick, CHECK_MS);
        return;
      }
      const at = step.peek();
      const next = at === null ? null : neighbourStep(steps.peek(), at, 1);
      if (next === null || next === at) {
        playing.value = false;
        return;
      }
      goToStep(next);
      timer = window.setTimeout(tick, pause);
    };
    timer = window.setTimeout(tick, pause);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
