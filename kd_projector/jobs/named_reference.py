"""Finding an embedding or a model by the name that a person types: RUN/MODEL/LAYER[@STEP], RUN/MODEL."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from kd_projector.errors import UsageError
from kd_projector.projection.request import EmbeddingRef
from kd_projector.store import ModelInfo, RunReader

_SHOWN_STEPS = 20  # a training has hundreds: a sentence names the first and last of them


def references_by_name(name: str, readers: Sequence[RunReader], logdir: str) -> dict[str, EmbeddingRef]:
    """The embedding called `name` as the reference of all runs with its probe: by probe fingerprint, for `frames_of`.

    The run is called as TensorBoard calls it, by its path below `logdir` ("." for `logdir` itself, which may be left
    out). Without a step it is the model's last. Raises UsageError with the names that exist, if this one does not.
    """
    runs = {_below(reader.folder.run_dir, logdir): reader for reader in readers}
    text = f"./{name}" if "." in runs and not name.startswith("./") else name
    layers = {
        f"{run}/{model}/{layer}": (reader, model, layer)
        for run, reader in runs.items()
        for model in reader.models
        for layer in reader.layers(model)
    }
    text, step = (text, None) if text in layers else _without_step(text)
    if text not in layers:
        raise UsageError(f"--reference {name!r}: {_what_is_missing(text, runs)}.")
    reader, model, layer = layers[text]
    steps = reader.steps(model)
    if not steps:
        raise UsageError(f"--reference {name!r}: model {model!r} has not been embedded yet.")
    if step is not None and step not in map(str, steps):
        raise UsageError(
            f"--reference {name!r}: there is no step {step!r} of model {model!r}; there are {_some(steps)}."
        )
    chosen = EmbeddingRef(reader.folder.run_dir, model, layer, steps[-1] if step is None else int(step))
    return {reader.manifest.probe_fingerprint: chosen}


def model_by_name(name: str, readers: Sequence[RunReader], logdir: str) -> tuple[RunReader, ModelInfo]:
    """The model called `name`, with its run's reader; runs are called as in `references_by_name`.

    Raises UsageError with the names that exist, if this one does not.
    """
    runs = {_below(reader.folder.run_dir, logdir): reader for reader in readers}
    text = f"./{name}" if "." in runs and not name.startswith("./") else name
    run, rest = _split(text, runs)
    if run is None:
        raise UsageError(f"--against {name!r}: there is no such run; there are {_listed(runs)} (written RUN/MODEL).")
    if rest not in runs[run].models:
        raise UsageError(
            f"--against {name!r}: there is no such model in run {run!r}; there are {_listed(runs[run].models)}."
        )
    return runs[run], runs[run].model(rest)


def _below(run_dir: str, logdir: str) -> str:
    if "://" in logdir:
        return run_dir.removeprefix(logdir.rstrip("/")).strip("/") or "."
    return os.path.relpath(run_dir, logdir).replace(os.sep, "/")


def _without_step(text: str) -> tuple[str, str | None]:
    layer, at, step = text.rpartition("@")
    return (layer, step) if at else (text, None)


def _what_is_missing(text: str, runs: Mapping[str, RunReader]) -> str:
    """The first part of `text`, a RUN/MODEL/LAYER that there is not, that fits nothing, and what there is instead."""
    run, rest = _split(text, runs)
    if run is None:
        return (
            f"there is no such run; there are {_listed(runs)} (it is written RUN/MODEL/LAYER or RUN/MODEL/LAYER@STEP)"
        )
    model, rest = _split(rest, runs[run].models)
    if model is None:
        return f"there is no such model in run {run!r}; there are {_listed(runs[run].models)}"
    return f"there is no layer {rest!r} in model {model!r}; there are {_listed(runs[run].layers(model))}"


def _split(text: str, names: Iterable[str]) -> tuple[str | None, str]:
    """The longest of `names` (they may contain slashes) that `text` begins with, and what follows its slash."""
    fitting = [name for name in names if text.startswith(f"{name}/")]
    name = max(fitting, key=len, default=None)
    return name, text if name is None else text[len(name) + 1 :]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _some(steps: Sequence[int]) -> str:
    if len(steps) <= _SHOWN_STEPS:
        return ", ".join(map(str, steps))
    return f"{len(steps)}: {', '.join(map(str, steps[:3]))} … {', '.join(map(str, steps[-3:]))}"
