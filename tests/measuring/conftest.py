"""A log directory of two runs to measure."""

from pathlib import Path

import pytest


@pytest.fixture
def logdir(distilled_run: Path, baseline_run: Path) -> Path:
    """Of a teacher with its student, and of a baseline on the same probe."""
    return distilled_run.parent
