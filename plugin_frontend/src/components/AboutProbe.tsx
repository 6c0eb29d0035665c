/** The probe: how many samples, of which classes, what else is known of them, and the fingerprint that tells it from others. */

import type { AboutProbe as Probe } from "../state/about";
import { CopyButton } from "./CopyButton";
import { FactList } from "./FactList";

export function AboutProbe({ probe }: { probe: Probe }) {
  const most = Math.max(1, ...probe.classes.map((one) => one.count));
  return (
    <article class="about-part" data-testid="about-probe" data-part="probe">
      <h2>Probe: the samples in every map</h2>
      <FactList facts={probe.facts} testid="probe-fact" />
      <dl class="facts">
        <div>
          <dt>Fingerprint</dt>
          <dd>
            <code data-testid="fingerprint">{probe.fingerprint}</code>{" "}
            <CopyButton text={() => probe.fingerprint} testid="copy-fingerprint" name="Copy the fingerprint">
              Copy
            </CopyButton>
            <p class="muted">Of ids, labels and inputs: runs with one fingerprint embedded the same samples.</p>
          </dd>
        </div>
      </dl>
      {probe.classes.length > 0 && (
        <>
          <h3>{probe.classes.length} classes</h3>
          <ul class="about-classes">
            {probe.classes.map(({ label, name, count }) => (
              <li key={label} data-testid="about-class">
                <span class="about-class-name">{name}</span>
                <span class="number">{count}</span>
                <span class="about-bar" style={{ width: `${(100 * count) / most}%` }} />
              </li>
            ))}
          </ul>
        </>
      )}
      {probe.columns.length > 0 && (
        <>
          <h3>Metadata</h3>
          <FactList facts={probe.columns} testid="metadata-column" />
        </>
      )}
    </article>
  );
}
