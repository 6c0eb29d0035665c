"""What the measures of a due step cost, beside the probe's forward pass and beside other packages' measures.

    python benchmarks/measures.py
    python benchmarks/measures.py --check          # exit status 1 if the default measures take longer than the pass
    python benchmarks/measures.py --device cuda

2,000 samples; the student's 6 layers of 512 numbers against the 6 of a teacher that was embedded before, and against
the step before. The forward pass is torchvision's ResNet-18 on 2,000 pictures of 32 x 32, as the logger runs it. CPU
time, one thread, both sides measured in turn; on another device wall-clock time until it is done.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")
# Run as a file, from anywhere; and not from its own folder, whose queue.py is not the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import torch  # noqa: E402
from torch import Tensor  # noqa: E402
from torchvision.models import resnet18  # noqa: E402

from benchmarks.comparison import Row, report, table  # noqa: E402
from benchmarks.measures_peers import Samples, peers  # noqa: E402
from kd_projector.measures.catalogue import CATALOGUE  # noqa: E402
from kd_projector.measures.selection import chosen  # noqa: E402
from kd_projector.measures.suite import measure_change, measure_layers, measure_outputs, measure_pairs  # noqa: E402
from kd_projector.probing.capture import Captured  # noqa: E402
from kd_projector.recording.step_measures import StepMeasures  # noqa: E402
from kd_projector.store.schema import MeasureValue  # noqa: E402

N, D, LAYERS, CLASSES, BATCH = 2000, 512, 6, 10, 256


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what measures cost.")
    parser.add_argument(
        "--device", default="cpu", choices=["cpu", "cuda"], help="of the models and measures (%(default)s)"
    )
    parser.add_argument("--repeats", type=int, default=5, help="of which the median counts (%(default)s)")
    parser.add_argument("--check", action="store_true", help="exit with status 1 if the target is missed")
    options = parser.parse_args()
    torch.set_num_threads(1)
    device = torch.device(options.device)
    forward, row = due_step(device, options.repeats)
    print(one_by_one(device, forward, max(1, options.repeats // 2)), end="\n\n", flush=True)
    report([row], check=options.check)


def due_step(device: torch.device, repeats: int) -> tuple[float, Row]:
    """The forward pass's time in ms, and the row that holds the default measures against it."""
    model = resnet18(num_classes=CLASSES).eval().to(device)
    images = torch.randn(N, 3, 32, 32, generator=torch.Generator().manual_seed(0)).to(device)

    def forward() -> None:
        with torch.inference_mode():
            for start in range(0, N, BATCH):
                model(images[start : start + BATCH])

    labels = made_labels()
    measures = StepMeasures(labels.to(device), chosen(True, while_training=True), temperature=1.0)
    measures.of("teacher", model_at(labels, 9.0, device), is_teacher=True)
    steps = iter([model_at(labels, float(step), device) for step in range(repeats + 2)])
    measures.of("student", next(steps), is_teacher=False)  # a first step has nothing before it, and warms up
    measures.written("student")
    measures.of("student", next(steps), is_teacher=False)
    forward()
    passes, ours = [], []
    for step in steps:
        passes.append(milliseconds(forward, device))
        measures.written("student")
        ours.append(milliseconds(lambda: measures.of("student", step, is_teacher=False), device))  # noqa: B023
    pass_time, our_time = median(passes), median(ours)
    row = Row(
        f"default measures of a due step, {N:,} x {LAYERS} layers x {D}: ms",
        f"ResNet-18's forward pass {pass_time:.0f}",
        f"{our_time:.0f}",
        our_time / pass_time,
        1.0,
        "lower",
    )
    return pass_time, row


def one_by_one(device: torch.device, forward: float, repeats: int) -> str:
    """Each measure by itself, with nothing prepared, of one layer, one pair of layers or one model's outputs."""
    labels = made_labels()
    here, there = model_at(labels, 1.0, device), model_at(labels, 9.0, device)
    assert here.logits is not None
    assert there.logits is not None
    X, Y = here.embeddings["layer4"], there.embeddings["layer4"]
    ours_of = Samples(X, Y, labels.to(device), here.logits, there.logits)
    theirs_of = Samples(X.cpu(), Y.cpu(), labels, here.logits.cpu(), there.logits.cpu())
    others = peers()
    lines: list[Sequence[str]] = [
        ("measure", "ours: ms", "of the pass", "another package: ms", "times as fast", "value (theirs)")
    ]
    for name, measure in CATALOGUE.items():
        values = only(name, ours_of)
        our_time = median(milliseconds(lambda: only(name, ours_of), device) for _ in range(repeats))  # noqa: B023
        theirs, faster, value = "", "", f"{values[0].value:.4g}"
        if name in others:
            other = others[name]
            their_value = other.measure(theirs_of)
            times = [milliseconds(lambda: other.measure(theirs_of), torch.device("cpu")) for _ in range(repeats)]  # noqa: B023
            theirs, faster = f"{other.package} {median(times):.1f}", f"{median(times) / our_time:.1f}"
            value += f" ({their_value:.4g})"
        default = " (default)" if measure.default else ""
        lines.append((name + default, f"{our_time:.1f}", f"{our_time / forward:.1%}", theirs, faster, value))
    return table(lines)


def only(name: str, samples: Samples) -> list[MeasureValue]:
    """One measure of tensors that nothing is known of."""
    layer, other = {"layer": samples.X}, {"layer": samples.Y}
    scope = CATALOGUE[name].scope
    if scope == "layer":
        return measure_layers(layer, samples.labels, [name])
    if scope == "pair":
        return measure_pairs(layer, other, "teacher", [name])
    if scope == "change":
        return measure_change(layer, other, [name])
    return measure_outputs(samples.logits, samples.labels, {"teacher": samples.teacher_logits}, [name])


def made_labels() -> Tensor:
    return torch.randint(CLASSES, (N,), generator=torch.Generator().manual_seed(0))


def model_at(labels: Tensor, step: float, device: torch.device) -> Captured:
    """What a model's layers could look like: rectified Gaussian classes, further apart in later layers and steps."""
    generator = torch.Generator().manual_seed(int(step))
    common = torch.randn(N, D, generator=torch.Generator().manual_seed(99))
    means = torch.randn(CLASSES, D, generator=generator)
    embeddings = {}
    for i in range(LAYERS):
        own = torch.randn(N, D, generator=generator)
        embeddings[f"layer{i}"] = torch.relu(means[labels] * (i + step) / 16 + common + own).to(device)
    apart = torch.nn.functional.one_hot(labels, CLASSES) * (1 + step / 2)
    logits = (apart + torch.randn(N, CLASSES, generator=generator)).to(device)
    return Captured((), embeddings, logits)


def milliseconds(work: Callable[[], object], device: torch.device) -> float:
    """CPU time on the CPU, which others' work on the machine leaves alone; elsewhere the time until it is done."""
    if device.type == "cpu":
        start = time.process_time()
        work()
        return (time.process_time() - start) * 1e3
    torch.cuda.synchronize(device)
    start = time.perf_counter()
    work()
    torch.cuda.synchronize(device)
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    main()
