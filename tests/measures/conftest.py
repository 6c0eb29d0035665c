"""A student, a teacher and labels, for the tests of the suite and of what it prepares."""

from __future__ import annotations

import pytest
from torch import Tensor

from .constructed import blobs


@pytest.fixture
def student() -> dict[str, Tensor]:
    return {"stage1": blobs(d=6)[0], "stage2": blobs(d=20, seed=1)[0], "fc": blobs(d=200, seed=2)[0] * 30}


@pytest.fixture
def teacher() -> dict[str, Tensor]:
    return {"layer1": blobs(d=9, seed=3)[0], "layer2": blobs(d=180, seed=4)[0]}


@pytest.fixture
def labels() -> Tensor:
    return blobs()[1]
