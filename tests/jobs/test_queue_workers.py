"""Worker processes of the queue that are killed, ended or cannot be started."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from kd_projector.jobs.queue import ProjectionQueue
from tests.jobs.frame_jobs import drain, jobs_of, long_jobs
from tests.jobs.worker_processes import kill, next_worker, wait_for_end, workers_of


def test_a_worker_that_is_killed_costs_one_more_try(distilled_run: Path, queue: ProjectionQueue) -> None:
    jobs = jobs_of(distilled_run, "tsne")
    queue.request(jobs)
    while not any(job.is_done for job in jobs):
        queue.wait(timeout=60)
    for worker in workers_of(os.getpid()):
        os.kill(worker, signal.SIGKILL)
    drain(queue)
    assert queue.failures() == []
    assert all(job.is_done for job in jobs)


def test_a_frame_whose_worker_is_killed_twice_is_given_up_and_costs_no_other_frame(tmp_path: Path) -> None:
    deadly, other = long_jobs(tmp_path)
    queue = ProjectionQueue(workers=2)
    queue.request([deadly])
    kill(next_worker(queue))
    victim = next_worker(queue)
    queue.request([other])  # beside it, in a worker of its own
    while queue.progress().running < 2:
        queue.wait(timeout=60)
    kill(victim)
    drain(queue)
    why = "tried twice, and each time its worker process died (killed, or out of memory?)"
    assert queue.failures() == [(deadly, why)]
    assert other.is_done
    queue.close()


def test_a_long_frame_that_nobody_wants_is_ended_with_its_worker(
    tmp_path: Path, queue: ProjectionQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kd_projector.jobs.queue._LET_IT_FINISH_S", 0.0)  # so that a short one is long
    unwanted, wanted = long_jobs(tmp_path)
    queue.request([unwanted], viewer="a")
    watcher = os.pidfd_open(next_worker(queue))
    queue.request([wanted], viewer="b")
    queue.cancel([unwanted], viewer="a")
    wait_for_end(watcher)
    drain(queue)
    assert queue.failures() == []
    assert (unwanted.is_done, wanted.is_done) == (False, True)


def test_workers_end_when_their_parent_is_killed(distilled_run: Path) -> None:
    program = textwrap.dedent(
        """
        import sys, time
        from kd_projector.jobs.plan import frames_of
        from kd_projector.jobs.queue import ProjectionQueue
        from kd_projector.jobs.work import pin
        from kd_projector.store import RunReader

        if __name__ == "__main__":
            queue = ProjectionQueue(1)
            queue.request([pin(frame) for frame in frames_of([RunReader(sys.argv[1])], ["pca"])])
            while queue.wait():
                pass
            print("made", flush=True)
            sys.stdin.read()
        """
    )
    script = distilled_run / "parent.py"
    script.write_text(program)
    parent = subprocess.Popen(
        [sys.executable, str(script), str(distilled_run)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "made\n"
    (worker,) = workers_of(parent.pid)
    watcher = os.pidfd_open(worker)
    parent.kill()
    parent.wait()
    wait_for_end(watcher)


def test_a_worker_that_cannot_be_started_fails_its_frame(
    tmp_path: Path, queue: ProjectionQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(_: object) -> None:
        raise RuntimeError("can't start new thread")  # as Python says it where the limit of threads is reached

    jobs = long_jobs(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("loky.process_executor._ExecutorManagerThread.start", no_thread)
        queue.request(jobs)
        drain(queue)
    assert queue.failures() == [(job, "its worker could not be started: can't start new thread") for job in jobs]
