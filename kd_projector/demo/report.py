"""The demo's closing table, read back from the runs as anybody could."""

from __future__ import annotations

from pathlib import Path

from kd_projector.demo.network import LAYERS
from kd_projector.demo.training import BASELINE_RUN, DISTILLED_RUN, Accuracies
from kd_projector.store import RunReader


def table(logdir: Path, accuracies: Accuracies) -> str:
    """Test accuracy of the three models, and the kNN accuracy of each layer at its last step."""
    rows = [
        ("teacher", accuracies.teacher, knn_accuracies(logdir / DISTILLED_RUN, "teacher")),
        ("student", accuracies.student, knn_accuracies(logdir / DISTILLED_RUN, "student")),
        ("baseline", accuracies.baseline, knn_accuracies(logdir / BASELINE_RUN, "baseline")),
    ]
    header = f"{'':10}{'test':>8} │" + "".join(f"{layer:>12}" for layer in LAYERS)
    lines = [
        f"{'':10}{'accuracy':>8} │  kNN accuracy of the embedding",
        header,
        "─" * 19 + "┼" + "─" * 12 * len(LAYERS),
    ]
    lines += [
        f"{name:10}{test:8.1%} │" + "".join(f"{knn[layer]:12.1%}" for layer in LAYERS) for name, test, knn in rows
    ]
    return "\n".join(lines)


def knn_accuracies(run: Path, model: str) -> dict[str, float]:
    """kNN accuracy by layer of `model` at its last step."""
    reader = RunReader(run)
    values = reader.measures(model, reader.steps(model)[-1])
    return {value.layer: value.value for value in values if value.measure == "knn_accuracy" and value.layer}
