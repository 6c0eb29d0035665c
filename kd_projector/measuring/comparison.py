"""Whom a run's models are compared with: its own teachers, its probe's teacher in another run, or whoever is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kd_projector.errors import UsageError
from kd_projector.jobs.named_reference import model_by_name
from kd_projector.jobs.plan import default_references
from kd_projector.store import ModelInfo, RunReader
from kd_projector.store.other_run import seen_from


@dataclass(frozen=True)
class Other:
    """A model to compare with; `other_run` as in MeasureValue, seen from the run that is measured."""

    reader: RunReader
    model: ModelInfo
    other_run: str | None


@dataclass(frozen=True)
class Comparisons:
    """By run folder the models to compare its own with, and a sentence for each run that cannot be compared."""

    others: Mapping[str, Sequence[Other]]
    notes: Sequence[str] = ()


def own_or_default_teachers(readers: Sequence[RunReader]) -> Comparisons:
    """A run's own teachers; for a run without one the teacher whose map is the default reference of its probe."""
    references = default_references(readers)
    by_folder = {reader.folder.run_dir: reader for reader in readers}
    others: dict[str, list[Other]] = {}
    for reader in readers:
        own = [Other(reader, model, None) for model in reader.manifest.models if model.role == "teacher"]
        reference = references.get(reader.manifest.probe_fingerprint)
        if not own and reference is not None:
            teacher = by_folder[reference.run_dir].model(reference.model)
            if teacher.role == "teacher":
                own = [_other(reader, by_folder[reference.run_dir], teacher)]
        others[reader.folder.run_dir] = own
    return Comparisons(others)


def named_model(name: str, readers: Sequence[RunReader], logdir: str) -> Comparisons:
    """The model called RUN/MODEL, for all runs with its probe.

    Raises UsageError if there is no such model, or no other model with its probe to compare with it.
    """
    theirs, model = model_by_name(name, readers, logdir)
    fingerprint = theirs.manifest.probe_fingerprint
    same = [reader for reader in readers if reader.manifest.probe_fingerprint == fingerprint]
    if not any(compared(reader, _other(reader, theirs, model)) for reader in same):
        raise UsageError(
            f"--against {name!r}: no other model in {logdir} embeds the same probe ({fingerprint[:8]}), so there is "
            f"nothing to compare it with."
        )
    notes = [
        f"{reader.folder.run_dir} embeds another probe ({reader.manifest.probe_fingerprint[:8]}) than {name} "
        f"({fingerprint[:8]}), so it was not compared with that."
        for reader in readers
        if reader not in same
    ]
    return Comparisons({reader.folder.run_dir: [_other(reader, theirs, model)] for reader in same}, notes)


def compared(reader: RunReader, other: Other) -> list[str]:
    """The models of a run that are compared with `other`: all that are not teachers, and not that model itself."""
    return [
        model.name
        for model in reader.manifest.models
        if model.role != "teacher" and not (other.other_run is None and model.name == other.model.name)
    ]


def _other(reader: RunReader, theirs: RunReader, model: ModelInfo) -> Other:
    return Other(theirs, model, seen_from(reader.folder.run_dir, theirs.folder.run_dir))
