"""A queue of one worker process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kd_projector.jobs.queue import ProjectionQueue


@pytest.fixture
def queue() -> Iterator[ProjectionQueue]:
    queue = ProjectionQueue(workers=1)
    yield queue
    queue.close()
