"""Which frames there are to make: the default reference of each probe, and all frames of a set of runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kd_projector.projection.methods import Mode, method_named
from kd_projector.projection.request import EmbeddingRef, FrameRequest
from kd_projector.store import RunReader


def default_references(readers: Sequence[RunReader]) -> dict[str, EmbeddingRef]:
    """For each probe fingerprint the embedding whose map is the reference: one for all runs that share the probe.

    The last hidden layer of the first teacher among the runs, else of the first watched model.
    """
    references: dict[str, EmbeddingRef] = {}
    for fingerprint in dict.fromkeys(reader.manifest.probe_fingerprint for reader in readers):
        sharing = [reader for reader in readers if reader.manifest.probe_fingerprint == fingerprint]
        candidates = [(reader, model) for reader in sharing for model in reader.manifest.models]
        candidates.sort(key=lambda candidate: candidate[1].role != "teacher")  # stable: teachers first
        for reader, model in candidates:
            steps = reader.steps(model.name)
            if steps and model.layers:
                step = steps[-1] if model.static else settled_step(steps)
                layer = model.last_hidden_layer().name
                references[fingerprint] = EmbeddingRef(reader.folder.run_dir, model.name, layer, step)
                break
    return references


def settled_step(steps: Sequence[int]) -> int:
    """The reference step of a model that is still training: the last one whose index is 2^k - 1.

    A reference that moved with every new step would have all maps made anew each time; this one moves ever more seldom,
    so that all remaking together costs no more than making every frame once more.
    """
    return steps[(1 << len(steps).bit_length() - 1) - 1]


def frames_of(
    readers: Sequence[RunReader],
    methods: Iterable[str],
    mode: Mode | None = None,
    references: Mapping[str, EmbeddingRef] | None = None,
    components: int = 2,
) -> list[FrameRequest]:
    """Every frame of `readers` by every method: steps outermost, so that the whole grid fills step by step."""
    references = default_references(readers) if references is None else references
    embeddings = [
        (EmbeddingRef(reader.folder.run_dir, model.name, layer.name, step), reader)
        for reader in readers
        for model in reader.manifest.models
        for step in reader.steps(model.name)
        for layer in model.layers
    ]
    embeddings.sort(key=lambda of: of[0].step)
    requests = []
    for name in methods:
        method = method_named(name)
        for embedding, reader in embeddings:
            reference = references.get(reader.manifest.probe_fingerprint)
            requests.append(
                FrameRequest(
                    embedding,
                    name,
                    mode or method.default_mode,
                    reference,
                    method.defaults,
                    step_before(embedding, reader),
                    components,
                )
            )
    return requests


def step_before(embedding: EmbeddingRef, reader: RunReader) -> EmbeddingRef | None:
    """The same layer at the stored step before that of `embedding`; None if it is the first."""
    before = [step for step in reader.steps(embedding.model) if step < embedding.step]
    return replace(embedding, step=max(before)) if before else None
