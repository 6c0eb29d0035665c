/** What shows where there is no grid to show: why, and what to do about it. */

import type { ComponentChildren } from "preact";

interface Props {
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly testid: string;
  readonly busy?: boolean;
}

export function EmptyState({ title, children, testid, busy = false }: Props) {
  return (
    <div class="empty" role={busy ? "status" : undefined} aria-busy={busy} data-testid={testid}>
      <div class="empty-text">
        <h1>{title}</h1>
        {children}
      </div>
    </div>
  );
}

const EXAMPLE = `from kd_projector import DistillationLogger, Probe

probe = Probe.from_dataset(val_set, size=2000, seed=0)
with DistillationLogger("runs/kd", probe=probe, every=200) as kd:
    kd.watch("teacher", teacher)
    kd.watch("student", student)
    for step, (x, y) in enumerate(loader):
        ...
        kd.step(step)`;

export function HowToLog() {
  return (
    <>
      <p>Add a logger to the training loop; the maps appear here while it runs.</p>
      <pre>
        <code>{EXAMPLE}</code>
      </pre>
      <p>
        Or make a run to look at, in a few minutes: <code>kd-projector demo LOGDIR</code>
      </p>
    </>
  );
}
