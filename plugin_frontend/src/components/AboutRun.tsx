/** One run: what it was logged with, what went wrong, and its models with their layers. */

import type { AboutModel, AboutRun as Run } from "../state/about";
import { FactList } from "./FactList";
import { Icon } from "./icons";

export function AboutRun({ run }: { run: Run }) {
  return (
    <article class="about-part" data-testid="about-run" data-run={run.name} data-part={`run ${run.name}`}>
      <h2>
        Run <bdi>{run.name}</bdi>
      </h2>
      {run.error !== null && (
        <p class="about-warning">
          <Icon name="warning" /> {run.error}
        </p>
      )}
      {run.warnings.map((warning) => (
        <p key={warning} class="about-warning" data-testid="about-warning">
          <Icon name="warning" /> {warning}
        </p>
      ))}
      <FactList facts={run.facts} testid="run-fact" />
      <div class="about-models">
        {run.models.map((model) => (
          <Layers key={model.name} model={model} />
        ))}
      </div>
    </article>
  );
}

function Layers({ model }: { model: AboutModel }) {
  return (
    <table class="about-table" data-testid="about-model" data-model={model.name}>
      <caption>
        <b>{model.name}</b>{" "}
        <span class="muted">
          {model.role}; {model.steps}
        </span>
      </caption>
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col" class="number">
            Dimensions
          </th>
          <th scope="col">Shape</th>
          <th scope="col">Pooling</th>
        </tr>
      </thead>
      <tbody>
        {model.layers.map(({ name, dimensions, shape, pooling, isOutput }) => (
          <tr key={name}>
            <th scope="row">
              {name} {isOutput && <span class="muted">(output)</span>}
            </th>
            <td class="number">{dimensions}</td>
            <td class="about-shape">{shape}</td>
            <td>{pooling}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
