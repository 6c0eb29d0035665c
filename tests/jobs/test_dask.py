"""The queue on a real Dask cluster: a scheduler and two workers, started here as processes."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import FrameJob, pin
from kd_projector.store import RunReader
from tests.jobs.dask_cluster import DaskCluster

pytest.importorskip("distributed", reason="needs the extra [dask]")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskCluster]:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with DaskCluster(workers=2, folder=folder) as cluster:
        yield cluster


def jobs_of(run: Path, method: str) -> list[FrameJob]:
    return [pin(frame) for frame in frames_of([RunReader(run)], [method])]


def test_frames_are_made_by_a_clusters_workers_though_the_path_is_relative(
    distilled_run: Path, cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(distilled_run.parent)
    jobs = jobs_of(Path(distilled_run.name), "pca")
    queue = ProjectionQueue(scheduler=cluster.address)
    queue.request(jobs)
    while queue.wait(timeout=60):
        pass
    assert queue.failures() == []
    assert all(job.is_done for job in jobs)
    assert queue.progress().done == len(jobs) + 1
    queue.close()


def test_a_worker_that_is_killed_in_mid_frame_costs_one_more_try(distilled_run: Path, cluster: DaskCluster) -> None:
    jobs = jobs_of(distilled_run, "tsne")
    queue = ProjectionQueue(scheduler=cluster.address)
    queue.request(jobs)
    while queue.progress().running < 2:
        assert queue.wait(timeout=60)
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    while queue.wait(timeout=60):
        pass
    assert queue.failures() == []
    assert all(job.is_done for job in jobs)
    queue.close()
