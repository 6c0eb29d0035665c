/** Names and their values, one a line. */

import type { Fact } from "../state/about";

export function FactList({ facts, testid }: { facts: readonly Fact[]; testid: string }) {
  return (
    <dl class="facts">
      {facts.map(({ name, value }) => (
        <div key={name} data-testid={testid} data-name={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
