/** All that the About view tells as a text for a paper's appendix. Pure. */

import type { About, AboutMethod, AboutProbe, AboutRun, Fact } from "./about";

export function aboutAsJson(about: About): string {
  return JSON.stringify(about, null, 2);
}

export function aboutAsMarkdown({ runs, probe, maps, methods, versions }: About): string {
  const parts = [
    "# About this comparison",
    ...runs.map(runText),
    ...(probe === null ? [] : [probeText(probe)]),
    `## Maps\n\n${list([
      { name: "Method", value: maps.method },
      { name: "Mode", value: maps.mode },
      { name: "Reference map", value: maps.reference },
    ])}`,
    ...methods.filter((method) => method.label === maps.method).map((method) => methodText(method, maps.mode)),
    `## Versions\n\n${table(
      ["Package", "Version"],
      versions.map(({ name, value }) => [name, value]),
    )}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function runText({ name, error, facts, warnings, models }: AboutRun): string {
  const parts = [`## Run ${name}`];
  if (error !== null) parts.push(`Cannot be read: ${error}`);
  if (facts.length > 0) parts.push(list(facts));
  if (warnings.length > 0) parts.push(list(warnings.map((value) => ({ name: "Warning", value }))));
  for (const model of models) {
    parts.push(`### Model ${model.name} (${model.role}), ${model.steps}`);
    const rows = model.layers.map((layer) => [
      layer.isOutput ? `${layer.name} (output)` : layer.name,
      String(layer.dimensions),
      layer.shape,
      layer.pooling,
    ]);
    parts.push(table(["Layer", "Dimensions", "Shape", "Pooling"], rows));
  }
  return parts.join("\n\n");
}

function probeText({ fingerprint, facts, classes, columns }: AboutProbe): string {
  const parts = ["## Probe", list([...facts, { name: "Fingerprint", value: fingerprint }])];
  if (classes.length > 0)
    parts.push(
      table(
        ["Class", "Samples"],
        classes.map(({ name, count }) => [name, String(count)]),
      ),
    );
  if (columns.length > 0)
    parts.push(
      table(
        ["Metadata column", "Holds"],
        columns.map(({ name, value }) => [name, value]),
      ),
    );
  return parts.join("\n\n");
}

function methodText({ label, note, parameters, modes }: AboutMethod, used: string): string {
  const parts = [`### ${label}`, note];
  const mode = modes.find((one) => one.name === used);
  if (mode !== undefined) parts.push(`Mode ${mode.name}: ${mode.note}`);
  if (parameters.length > 0)
    parts.push(
      table(
        ["Parameter", "Value"],
        parameters.map(({ name, value }) => [name, value]),
      ),
    );
  return parts.join("\n\n");
}

const list = (facts: readonly Fact[]) => facts.map(({ name, value }) => `- ${name}: ${value}`).join("\n");

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
