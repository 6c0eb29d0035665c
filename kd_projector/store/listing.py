"""What is in some runs, as a table to read in a terminal: `kd-projector show`."""

from __future__ import annotations

from collections.abc import Sequence

from kd_projector.store.reader import RunReader


def describe(readers: Sequence[RunReader]) -> str:
    """One block a run: its probe, its models, their layers and steps."""
    return "\n\n".join(_describe(reader) for reader in readers)


def _describe(reader: RunReader) -> str:
    manifest = reader.manifest
    frames = len(reader.folder.names(reader.folder.projections(), ".safetensors"))
    lines = [
        reader.folder.run_dir,
        f"  probe     {manifest.probe_size} samples, fingerprint {manifest.probe_fingerprint[:12]}",
        f"  maps      {frames} computed",
    ]
    measured = sum(len(reader.folder.names(reader.folder.measured(model), ".json")) for model in reader.models)
    if measured:
        lines.append(f"  measured  {measured} steps, afterwards")
    if manifest.warnings:
        lines.append("  warnings  " + ", ".join(f"{kind}: {count}" for kind, count in manifest.warnings.items()))
    for model in manifest.models:
        steps = reader.steps(model.name)
        span = f"{len(steps)} steps, {steps[0]} to {steps[-1]}" if steps else "no step yet"
        layers = ", ".join(f"{layer.name} ({layer.dim})" for layer in model.layers)
        lines.append(f"  {model.name:9} {model.role or 'no role':9} {span}")
        lines.append(f"  {'':9} {layers}")
    return "\n".join(lines)
