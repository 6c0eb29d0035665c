"""One function over many tasks in real worker processes: results, failures, deaths, and the end of it all."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from kd_projector.errors import UsageError
from kd_projector.jobs.tasks import run_tasks
from kd_projector.jobs.workers import WorkerDied
from tests.jobs.dask_cluster import DaskCluster
from tests.jobs.tasks_to_run import die_as_often_as_told, linger, square, where
from tests.jobs.worker_processes import wait_for_end, workers_of


@pytest.mark.parametrize("workers", [0, 2])
def test_every_task_comes_back_with_its_result_and_a_failure_costs_its_own_alone(workers: int) -> None:
    ended = dict(run_tasks(square, [3, -1, 4], workers=workers))
    error = ended.pop(-1)
    assert ended == {3: 9, 4: 16}
    assert isinstance(error, ValueError)
    assert str(error) == "-1 is negative"


def test_without_workers_tasks_run_in_this_process_in_their_order() -> None:
    ended = list(run_tasks(where, [2, 1], workers=0))
    assert [(task, result[0]) for task, result in ended if isinstance(result, tuple)] == [
        (2, os.getpid()),
        (1, os.getpid()),
    ]


def test_no_tasks_need_no_worker() -> None:
    assert list(run_tasks(square, [], workers=1)) == []


def test_tasks_run_in_other_processes_as_many_as_told_with_one_thread_each() -> None:
    results = [result for _, result in run_tasks(where, range(6), workers=1)]
    assert len({*results}) == 1
    assert isinstance(results[0], tuple)
    process, threads = results[0]
    assert process != os.getpid()
    assert threads == 1


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_task_whose_worker_dies_is_tried_once_more_and_costs_no_other(tmp_path: Path, deaths: int) -> None:
    tasks = [(tmp_path / "deadly", deaths), (tmp_path / "harmless", 0)]
    ended = dict(run_tasks(die_as_often_as_told, tasks, workers=2))
    assert ended[tasks[1]] == 1
    if deaths == 1:
        assert ended[tasks[0]] == 2
    else:
        assert isinstance(ended[tasks[0]], WorkerDied)
        assert str(ended[tasks[0]]) == "tried twice, and each time its worker process died (killed, or out of memory?)"


def test_leaving_the_loop_ends_the_workers_at_once(tmp_path: Path) -> None:
    loop = run_tasks(die_as_often_as_told, [(tmp_path / str(i), 0) for i in range(50)], workers=1)
    next(loop)
    (worker,) = workers_of(os.getpid())
    watcher = os.pidfd_open(worker)
    loop.close()  # type: ignore[attr-defined]  # a generator's
    wait_for_end(watcher, timeout=5)
    assert len(list(tmp_path.iterdir())) < 50


def test_ctrl_c_ends_a_program_of_long_tasks_at_once_with_its_workers(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from kd_projector.jobs.tasks import run_tasks
        from tests.jobs.tasks_to_run import linger

        if __name__ == "__main__":
            for _ in run_tasks(linger, [Path(sys.argv[1])], workers=1):
                pass
        """
    )
    pipe = tmp_path / "started"
    os.mkfifo(pipe)
    command = subprocess.Popen([sys.executable, "-c", program, str(pipe)], start_new_session=True)
    watcher = os.pidfd_open(int(pipe.read_text()))  # waits until the task has begun
    os.killpg(command.pid, signal.SIGINT)  # as a terminal does, to the workers too
    assert command.wait(timeout=20) == -signal.SIGINT
    wait_for_end(watcher, timeout=5)


def test_a_dask_cluster_runs_them_too_and_outlives_a_lost_worker(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the extra [dask]")
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with DaskCluster(workers=2, folder=tmp_path, environment=environment) as cluster:
        tasks = [(tmp_path / "deadly", 1), (tmp_path / "one", 0), (tmp_path / "two", 0)]
        assert dict(run_tasks(die_as_often_as_told, tasks, scheduler=cluster.address)) == dict(
            zip(tasks, (2, 1, 1), strict=True)
        )


def test_a_scheduler_that_cannot_be_reached_is_said_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs the extra [dask]")
    monkeypatch.setattr("kd_projector.jobs.dask_workers._CONNECT_S", 1.0)
    with pytest.raises(UsageError, match=r"The Dask scheduler tcp://127\.0\.0\.1:1 cannot be reached"):
        next(run_tasks(linger, [Path("never")], scheduler="tcp://127.0.0.1:1"))
