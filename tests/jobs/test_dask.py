"""The queue on a real Dask cluster: a scheduler and its workers, started here as processes."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from kd_projector.cli import main
from kd_projector.errors import UsageError
from kd_projector.jobs.dask_workers import DaskWorkers, _Call, checked_address
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import pin
from kd_projector.jobs.workers import WorkerDied
from kd_projector.projection.request import FrameRequest
from kd_projector.store import RunReader
from tests.conftest import RunRecipe, write_run
from tests.jobs.dask_cluster import DaskCluster
from tests.jobs.frame_jobs import drain, jobs_of, long_jobs

pytest.importorskip("distributed", reason="needs the extra [dask]")


@pytest.fixture(scope="module")
def lasting_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """For tests that leave it as it was."""
    with DaskCluster(workers=2, folder=tmp_path_factory.mktemp("elsewhere")) as cluster:
        yield cluster


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskCluster]:
    """For tests that kill some of it."""
    with DaskCluster(workers=2, folder=tmp_path) as cluster:
        yield cluster


def until_running(queue: ProjectionQueue, frames: int) -> None:
    while queue.progress().running < frames:
        assert queue.wait(timeout=60)


def until_lost(queue: ProjectionQueue) -> None:
    """Until the queue has noticed that no worker makes a frame any more."""
    while queue.progress().running:
        assert queue.wait(timeout=60)


def free_address() -> str:
    """An address at which nobody answers."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{unused.getsockname()[1]}"


def test_frames_are_made_by_a_clusters_workers_though_their_folder_is_another(
    distilled_run: Path, lasting_cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(distilled_run.parent)
    jobs = jobs_of(Path(distilled_run.name), "pca")
    queue = ProjectionQueue(scheduler=lasting_cluster.address)
    queue.request(jobs)
    drain(queue)
    assert queue.failures() == []
    assert queue.progress().done == len(jobs) + 1
    assert all(job.is_done for job in jobs)
    queue.close()


def test_project_uses_the_cluster_and_names_the_map_that_cannot_be_made(
    distilled_run: Path, lasting_cluster: DaskCluster, capsys: pytest.CaptureFixture[str]
) -> None:
    (distilled_run / "plugins/kd_projector/steps/student/000000000001.safetensors").unlink()
    damaged = distilled_run / "plugins/kd_projector/steps/student/000000000005.safetensors"
    damaged.write_bytes(damaged.read_bytes()[:-100])
    command = ["project", str(distilled_run), "--method", "pca", "--scheduler", lasting_cluster.address]
    assert main(command) == 1
    assert "step=5) failed" in capsys.readouterr().err
    assert sum(job.is_done for job in jobs_of(distilled_run, "pca")) == 4


def test_what_is_cancelled_is_dropped_and_what_a_dask_worker_is_making_is_kept(
    tmp_path: Path, lasting_cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kd_projector.jobs.queue._LET_IT_FINISH_S", 0.0)
    run = write_run(tmp_path / "run", RunRecipe((("teacher", "teacher", (0, 1)),), samples=1700))
    embeddings = [frame.embedding for frame in frames_of([RunReader(run)], ["tsne"])]
    jobs = [pin(FrameRequest(embedding, "tsne", "independent")) for embedding in embeddings]
    queue = ProjectionQueue(scheduler=lasting_cluster.address)
    queue.request(jobs)
    until_running(queue, 2)
    queue.cancel_all()
    assert queue.progress().queued == 0
    drain(queue)
    assert queue.failures() == []
    assert [job.is_done for job in jobs] == [True, True, False, False]
    queue.close()


def test_a_frame_is_made_once_more_if_its_worker_is_killed_and_given_up_if_that_happens_again(
    tmp_path: Path, cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kd_projector.jobs.dask_workers._NO_WORKERS_S", 300.0)  # the third may be slow to start
    deadly, other = long_jobs(tmp_path)
    queue = ProjectionQueue(scheduler=cluster.address)
    queue.request([deadly, other])
    until_running(queue, 2)
    os.kill(cluster.workers[0].pid, signal.SIGKILL)  # whichever frame it makes is made again
    drain(queue)
    assert queue.failures() == []
    assert deadly.is_done
    assert other.is_done

    again = pin(FrameRequest(deadly.request.embedding, "tsne", "independent", None, {"perplexity": 29}))
    queue.request([again])
    until_running(queue, 1)
    os.kill(cluster.workers[1].pid, signal.SIGKILL)
    until_lost(queue)  # otherwise the third may be killed before it has the frame
    third = cluster.add_worker()
    until_running(queue, 1)
    os.kill(third.pid, signal.SIGKILL)
    drain(queue)
    why = "tried twice, and each time its Dask worker was lost (killed, or out of memory?)"
    assert queue.failures() == [(again, why)]
    queue.close()


def test_a_scheduler_that_is_killed_is_noticed_and_said(
    tmp_path: Path, cluster: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kd_projector.jobs.dask_workers._CONNECT_S", 1.0)
    jobs = long_jobs(tmp_path)
    queue = ProjectionQueue(scheduler=cluster.address)
    queue.request(jobs)
    until_running(queue, 2)
    os.kill(cluster.scheduler.pid, signal.SIGKILL)
    drain(queue)
    failures = queue.failures()
    assert [job for job, _ in failures] == jobs
    assert all(f"The Dask scheduler {cluster.address} cannot be reached" in why for _, why in failures)
    queue.close()


def test_a_scheduler_that_cannot_be_reached_is_said_in_one_sentence(
    distilled_run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kd_projector.jobs.dask_workers._CONNECT_S", 1.0)
    address = free_address()
    assert main(["project", str(distilled_run), "--method", "pca", "--scheduler", address]) == 2
    said = capsys.readouterr().err
    assert f"The Dask scheduler {address} cannot be reached" in said
    assert said.count("\n") == 1


def test_a_cluster_without_workers_is_said(
    distilled_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kd_projector.jobs.dask_workers._FIRST_WORKER_S", 1.0)
    with DaskCluster(workers=0, folder=tmp_path) as cluster:
        queue = ProjectionQueue(scheduler=cluster.address)
        with pytest.raises(UsageError, match="has no workers: start some with `dask worker tcp://"):
            queue.start()
        cluster.add_worker()
        jobs = jobs_of(distilled_run, "pca")
        queue.request(jobs)  # the next try finds it
        drain(queue)
        assert queue.failures() == []
        queue.close()


def test_a_cluster_without_our_package_is_said(distilled_run: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden" / "kd_projector"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ModuleNotFoundError(\"No module named 'kd_projector'\")")
    with DaskCluster(workers=1, folder=tmp_path, environment={"PYTHONPATH": str(hidden.parent)}) as cluster:
        queue = ProjectionQueue(scheduler=cluster.address)
        queue.request(jobs_of(distilled_run, "pca")[:1])
        drain(queue)
        failures = [why for _, why in queue.failures()]
        assert any("The Dask cluster lacks a package (No module named 'kd_projector')" in why for why in failures)
        queue.close()


def test_without_the_extra_the_sentence_says_what_to_install(
    distilled_run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)  # importing it fails, as where it is not installed
    assert main(["project", str(distilled_run), "--method", "pca", "--scheduler", free_address()]) == 2
    assert "pip install 'kd_projector[dask]'" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["localhost:8786", "tcp://host", "http://host:8786", "tcp:// :1", ""])
def test_what_is_no_schedulers_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="tcp://host:8786"):
        checked_address(address)


def test_what_no_worker_is_left_for_is_as_what_was_with_a_lost_one() -> None:
    workers = DaskWorkers("tcp://127.0.0.1:8786", on_change=lambda: None)
    assert isinstance(workers.submit(os.getpid).exception(timeout=0), WorkerDied)


def test_a_second_end_at_the_moment_in_which_the_worker_is_found_lost_changes_nothing() -> None:
    task: Future[str] = Future()
    task.set_result("done")
    ended = _Call("tcp://127.0.0.1:1", task, Future())
    workers = DaskWorkers("tcp://127.0.0.1:8786", on_change=lambda: None)
    workers._settle(ended)
    workers._settle(ended)
    assert ended.outcome.result(timeout=0) == "done"
