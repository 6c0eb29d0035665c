"""The logger in a plain PyTorch loop: distil a small network from a larger one, and look at both.

    python examples/plain_loop.py --logdir runs/plain
    tensorboard --logdir runs/plain

The data is scikit-learn's handwritten digits, so nothing is downloaded. The lines that kd_projector adds are marked.
"""

import argparse

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split

from kd_projector import DistillationLogger, Probe


def network(width: int) -> nn.Module:
    return nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10))


def train_teacher(teacher: nn.Module, loader: DataLoader, epochs: int) -> None:
    optimizer = torch.optim.Adam(teacher.parameters(), lr=2e-3)
    for _ in range(epochs):
        for images, labels in loader:
            loss = F.cross_entropy(teacher(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    teacher.eval().requires_grad_(False)


def main() -> None:
    parser = argparse.ArgumentParser(description="kd_projector in a plain PyTorch loop")
    parser.add_argument("--logdir", default="runs/plain")
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args()

    torch.manual_seed(0)
    digits = load_digits()
    everything = TensorDataset(torch.tensor(digits.data, dtype=torch.float32) / 16, torch.tensor(digits.target))
    train_set, val_set = random_split(everything, [1200, 597])
    loader = DataLoader(train_set, batch_size=64, shuffle=True)

    teacher, student = network(256), network(16)
    train_teacher(teacher, loader, options.epochs)

    probe = Probe.from_dataset(val_set, size=500, class_names=[str(digit) for digit in range(10)])  # kd_projector
    with DistillationLogger(options.logdir, probe, every=20) as kd:  # kd_projector
        kd.watch("teacher", teacher)  # kd_projector
        kd.watch("student", student)  # kd_projector

        optimizer = torch.optim.Adam(student.parameters(), lr=2e-3)
        step = 0
        for _ in range(options.epochs):
            for images, labels in loader:
                logits = student(images)
                task = F.cross_entropy(logits, labels)
                distill = F.kl_div(
                    F.log_softmax(logits / 4, 1), F.softmax(teacher(images) / 4, 1), reduction="batchmean"
                )
                loss = task + 16 * distill
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                kd.step(step, losses={"task": task, "distill": distill})  # kd_projector
                step += 1

    print(f"Logged to {options.logdir}. Now: tensorboard --logdir {options.logdir}")


if __name__ == "__main__":
    main()
