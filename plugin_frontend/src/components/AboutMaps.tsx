/** How maps are made: the method, mode and reference in use, and of every method its parameters and what its modes can and cannot show. */

import type { About, AboutMethod } from "../state/about";
import { modeName } from "../state/mode_names";
import { FactList } from "./FactList";
import { Icon } from "./icons";

export function AboutMaps({ maps, methods }: Pick<About, "maps" | "methods">) {
  const facts = [
    { name: "Method", value: maps.method },
    { name: "Mode", value: modeName(maps.mode) },
    { name: "Reference map", value: maps.reference },
  ];
  return (
    <article class="about-part" data-testid="about-maps" data-part="maps">
      <h2>Maps: how they are made now</h2>
      <FactList facts={facts} testid="maps-fact" />
      <p class="muted about-note">
        A map is a picture of its embedding: near samples are near each other in the embedding, as far as its two
        figures say; distances between groups and empty space mean little. Evidence is in the measures, which are
        computed on the embeddings themselves.
      </p>
      <div class="about-methods">
        {methods.map((method) => (
          <Method key={method.name} method={method} isUsed={method.label === maps.method} mode={maps.mode} />
        ))}
      </div>
    </article>
  );
}

function Method({ method, isUsed, mode }: { method: AboutMethod; isUsed: boolean; mode: string }) {
  return (
    <section class="about-method" data-testid="about-method" data-method={method.name}>
      <h3>
        {method.label} {isUsed && <span class="badge">in use</span>}
      </h3>
      <p>{method.note}</p>
      <dl class="about-modes">
        {method.modes.map(({ name, note, misleads }) => (
          <div key={name}>
            <dt>
              {modeName(name)} {isUsed && name === mode && <span class="badge">in use</span>}
            </dt>
            <dd class={misleads ? "about-warning" : "muted"}>
              {misleads && <Icon name="warning" />} {note}
            </dd>
          </div>
        ))}
      </dl>
      {method.parameters.length > 0 && (
        <table class="about-table">
          <caption class="unseen">Parameters of {method.label}</caption>
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {method.parameters.map(({ name, value }) => (
              <tr key={name} data-testid="parameter">
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
