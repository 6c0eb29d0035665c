"""What tests of several parts share: small real runs on disk, made from scikit-learn's digits."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import LayerInfo, Manifest, MeasureValue, ModelInfo, ProbeRecord, Role, RunWriter

# Where the tests are started in the background (`make test &`, some CI), Ctrl-C is ignored by them and by all that they
# start; but some of them interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class RunRecipe:
    """A run to be written without a training: each layer is a seeded random projection of the digits' pixels."""

    models: tuple[tuple[str, Role, tuple[int, ...]], ...]  # name, role, steps
    layers: tuple[str, ...] = ("early", "late")
    samples: int = 120
    fingerprint: str = "f" * 32


def digits_embedding(samples: int, seed: Sequence[int], dim: int = 16) -> np.ndarray:
    """(samples, dim) float32: the digits' pixels, rectified through a random matrix, as an untrained layer would."""
    pixels = load_digits().data[:samples] / 16
    weights = np.random.default_rng(list(seed)).normal(size=(pixels.shape[1], dim)) / np.sqrt(dim)
    return np.maximum(pixels @ weights, 0).astype(np.float32)


def write_run(run_dir: Path, recipe: RunRecipe) -> Path:
    """Write a run by `recipe` through the real writers."""
    labels = load_digits().target[: recipe.samples]
    layers = tuple(LayerInfo(name, 16, (16,), "mean", output=name == recipe.layers[-1]) for name in recipe.layers)
    models = tuple(ModelInfo(name, role, role == "teacher", layers) for name, role, _ in recipe.models)
    with RunWriter(run_dir) as writer:
        writer.write_probe(
            ProbeRecord(
                recipe.fingerprint,
                tuple(f"digit {i}" for i in range(recipe.samples)),
                labels,
                tuple(str(digit) for digit in range(10)),
                {"writer": ["left" if i % 2 else "right" for i in range(recipe.samples)]},
            )
        )
        writer.write_manifest(
            Manifest("0.1.0", "2026-01-01T00:00:00+00:00", recipe.fingerprint, recipe.samples, models)
        )
        for m, (name, _, steps) in enumerate(recipe.models):
            for step in steps:
                embeddings = {
                    layer: digits_embedding(recipe.samples, (m, step, i)) for i, layer in enumerate(recipe.layers)
                }
                outputs = {
                    "prediction": labels.astype(np.int32),
                    "confidence": np.full(recipe.samples, 0.5, np.float32),
                }
                measures = [MeasureValue("knn_accuracy", 0.9, layer) for layer in recipe.layers]
                writer.write_step(name, step, embeddings, outputs, measures)
    ScalarLog(run_dir).close()  # its marker is what TensorBoard lists the run by
    return run_dir


@pytest.fixture
def distilled_run(tmp_path: Path) -> Path:
    """A run with a teacher (one step) and a student (three steps)."""
    recipe = RunRecipe((("teacher", "teacher", (0,)), ("student", "student", (0, 1, 5))))
    return write_run(tmp_path / "logs" / "distilled", recipe)


@pytest.fixture
def baseline_run(tmp_path: Path) -> Path:
    """A run of a baseline alone, on the same probe."""
    return write_run(tmp_path / "logs" / "baseline", RunRecipe((("baseline", "baseline", (0, 2)),)))
