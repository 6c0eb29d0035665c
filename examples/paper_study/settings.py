"""What makes a cell of the grid what it is: the settings that all cells share, and the cell's own coordinates."""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from kd_projector.errors import UsageError

# In paths, records and the CSV. People read `few labels` and `all labels`, and give --budgets few all.
Budget = Literal["limited", "full"]
BUDGET_NAMES: dict[str, Budget] = {"few": "limited", "all": "full"}
BUDGET_LABELS = {"full": "all labels", "limited": "few labels"}  # in the order of reports: the control first
BASELINE = "baseline"  # the method of the students that have no teacher


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that shapes a training besides its coordinates; cells of one output folder share them.

    data, root, image_size: which images, see `data.py`. family: which networks, see `networks.py`. steps: of each
    training; batch: images in one. probed_steps: at how many steps the probe is embedded, the first and the last among
    them, so at least 2. labels_per_class: where labels are few. probe_size: held-out images that the layers are judged
    by. flips: whether images are mirrored while training, None where the data set decides. pool: how a layer's feature
    maps become one row a sample. device: as torch names it.
    """

    data: str = "digits"
    root: str | None = None
    image_size: int | None = None
    family: str = "conv"
    steps: int
    batch: int = 64
    probed_steps: int = 6
    labels_per_class: int = 10
    probe_size: int | None = None
    flips: bool | None = None
    pool: Literal["mean", "flatten"] = "mean"
    device: str = "cpu"


@dataclass(frozen=True)
class TeacherKey:
    """The one teacher of all cells of a seed."""

    seed: int


@dataclass(frozen=True)
class Cell:
    """One student: its architecture, how it is taught (`baseline`: by labels alone), how many labels, which seed."""

    student: str
    method: str
    budget: Budget
    seed: int

    @property
    def name(self) -> str:
        """Also its run's path below `runs/`."""
        return f"{self.student}/{self.budget}/seed{self.seed}/{self.method}"

    @property
    def role(self) -> Literal["student", "baseline"]:
        """What the logger calls the model."""
        return "baseline" if self.method == BASELINE else "student"


@dataclass(frozen=True)
class Folder:
    """Where the study keeps what it makes."""

    path: Path

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def figures(self) -> Path:
        return self.path / "figures"

    def run(self, cell: Cell) -> Path:
        return self.runs / cell.name

    def record(self, cell: Cell) -> Path:
        """Written when the cell is finished, and what tells that it is."""
        return self.path / "cells" / f"{cell.name}.json"

    def teacher(self, key: TeacherKey) -> Path:
        return self.path / "teachers" / f"seed{key.seed}.pt"

    def claim(self, settings: Settings) -> None:
        """Make the folder this study's, or find that it is. Raises UsageError where it holds one of other settings."""
        path = self.path / "settings.json"
        if path.exists():
            kept = json.loads(path.read_text())
            changed = [
                f"{field.name} {kept.get(field.name)!r}, now {getattr(settings, field.name)!r}"
                for field in fields(settings)
                if _kind(field.name, kept.get(field.name)) != _kind(field.name, getattr(settings, field.name))
            ]
            if changed:
                raise UsageError(
                    f"{self.path} holds a study with other settings ({'; '.join(changed)}): give another --out, or "
                    f"the same settings to go on with that one."
                )
        elif self.path.exists() and any(self.path.iterdir()):
            raise UsageError(f"{self.path} is not empty and holds no study: give another --out.")
        else:
            write_whole(path, json.dumps(asdict(settings), indent=1))


def _kind(name: str, value: object) -> object:
    """cuda:1 goes on where cuda:0 stopped, but a CPU does not: its numbers differ, and pairs must not."""
    return str(value).split(":")[0] if name == "device" else value


def write_whole(path: Path, text: str) -> None:
    """The file appears whole or not at all, so that a killed study leaves none that only looks finished."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".partial-{os.getpid()}-{path.name}")  # two processes may write the same report
    partial.write_text(text)
    partial.replace(path)


def seed_of(*what: object) -> int:
    """A seed that is the same in every process and differs for whatever differs in `what`."""
    return zlib.crc32("/".join(map(str, what)).encode())
