"""Logs for the panel's benchmark: runs of any size whose maps are there, and one embedding for both projectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.work import pin
from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import (
    Frame,
    FrameStore,
    LayerInfo,
    Manifest,
    MeasureValue,
    ModelInfo,
    ProbeRecord,
    Role,
    RunReader,
    RunWriter,
)

CLASSES = 10
_DIM = 8  # of the stored embeddings: the panel never sees them
_KEPT_NEIGHBOURS = 15


def write_run(
    run: Path, models: Mapping[str, Role], layers: int, steps: Sequence[int], samples: int, dim: int = _DIM
) -> Path:
    """A run of random embeddings in ten clusters, with outputs and a measure. A teacher is embedded once."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, samples)
    centres = rng.normal(0, 1, (CLASSES, dim))
    infos = tuple(LayerInfo(f"layer{i + 1}", dim, (dim,), "mean") for i in range(layers))
    described = tuple(ModelInfo(name, role, role == "teacher", infos) for name, role in models.items())
    names = tuple(f"class {k}" for k in range(CLASSES))
    with RunWriter(run) as writer:
        writer.write_probe(ProbeRecord("f" * 32, tuple(map(str, range(samples))), labels, names, {}))
        writer.write_manifest(Manifest("0", "2026-01-01T00:00:00+00:00", "f" * 32, samples, described))
        for model in described:
            for step in steps[:1] if model.static else steps:
                embeddings = {
                    layer.name: (centres[labels] + rng.normal(0, 0.6, (samples, dim))).astype(np.float32)
                    for layer in infos
                }
                outputs = {
                    "prediction": np.where(rng.random(samples) < 0.9, labels, 0).astype(np.int32),
                    "confidence": rng.random(samples).astype(np.float32),
                }
                measures = [MeasureValue("knn_accuracy", float(rng.random()), layer.name) for layer in infos]
                writer.write_step(model.name, step, embeddings, outputs, measures)
    ScalarLog(run).close()  # its marker is what TensorBoard lists the run by
    return run


def put_made_up_maps(run: Path) -> None:
    """Give each embedding of `run` a made-up t-SNE map, which takes as long to show as a computed one."""
    reader = RunReader(run)
    labels = reader.probe.labels
    assert labels is not None
    samples = len(labels)
    rng = np.random.default_rng(1)
    angles = 2 * np.pi * labels / CLASSES
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    neighbours = (np.arange(samples)[:, None] + np.arange(1, _KEPT_NEIGHBOURS + 1)) % samples
    for request in frames_of([reader], ["tsne"]):
        job = pin(request)
        for pinned in (job, job.reference):
            if pinned is None or pinned.is_done:
                continue
            spread = rng.normal(0, rng.uniform(0.15, 0.4), (samples, 2))
            frame = Frame(
                (circle + spread).astype(np.float32),
                rng.random(samples).astype(np.float32),
                "tsne",
                request.mode,
                {"neighbours_kept": 0.5, "trustworthiness": 0.9, "loss": 1.0, "changed": 0.5},
                {"perplexity": 30, "seed": 0, "neighbours": "exact"},
                changed=None if request.previous is None else rng.random(samples).astype(np.float32),
                neighbours=neighbours,
                tied=np.zeros(samples, bool),
            )
            FrameStore(pinned.request.embedding.run_dir).put(pinned.key, frame)


def write_for_both_projectors(logdir: Path, samples: int, dim: int) -> Path:
    """One embedding: as a run of ours, without maps; and for TensorBoard's own projector, in its fastest format."""
    run = write_run(logdir / "run", {"net": "student"}, 1, [0], samples, dim)
    embedding = RunReader(run).embedding("net", "layer1", 0).astype(np.float32)
    embedding.tofile(logdir / "embedding.bytes")
    labels = RunReader(run).probe.labels
    assert labels is not None
    (logdir / "labels.tsv").write_text("".join(f"{label}\n" for label in labels))
    (logdir / "projector_config.pbtxt").write_text(
        'embeddings {\n  tensor_name: "embedding"\n'
        f"  tensor_shape: {samples}\n  tensor_shape: {dim}\n"
        '  tensor_path: "embedding.bytes"\n  metadata_path: "labels.tsv"\n}\n'
    )
    return logdir
