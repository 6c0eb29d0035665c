"""The queue with real worker processes."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kd_projector.jobs.batch import project_runs
from kd_projector.jobs.claims import claimed
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import FrameJob, pin
from kd_projector.projection.request import FrameRequest
from kd_projector.store import Frame, FrameStore, RunReader, RunWriter
from tests.conftest import RunRecipe, digits_embedding, write_run
from tests.jobs.worker_processes import kill, next_worker, wait_for_end, workers_of


@pytest.fixture
def queue() -> Iterator[ProjectionQueue]:
    queue = ProjectionQueue(workers=1)
    yield queue
    queue.close()


def jobs_of(run: Path, method: str) -> list[FrameJob]:
    return [pin(frame) for frame in frames_of([RunReader(run)], [method])]


def long_jobs(folder: Path) -> list[FrameJob]:
    """Two frames that take a second or more each, and need no reference."""
    run = write_run(folder / "long", RunRecipe((("teacher", "teacher", (0,)),), samples=1700))
    return [
        pin(FrameRequest(frame.embedding, "tsne", "independent")) for frame in frames_of([RunReader(run)], ["tsne"])
    ]


def drain(queue: ProjectionQueue) -> None:
    while queue.wait(timeout=60):
        pass


def frame_of(job: FrameJob) -> np.ndarray:
    frame = FrameStore(job.request.embedding.run_dir).get(job.key)
    assert frame is not None
    return frame.coordinates


def test_frames_are_made_with_their_reference_first_and_only_once(distilled_run: Path, queue: ProjectionQueue) -> None:
    jobs = jobs_of(distilled_run, "pca")
    assert all(status is not None for status in queue.request(jobs))
    drain(queue)
    assert queue.failures() == []
    assert queue.progress().done == len(jobs) + 1  # the reference map is a frame too
    assert queue.request(jobs) == [None] * len(jobs)
    assert all(frame_of(job).shape == (120, 2) for job in jobs)


def test_what_comes_on_screen_overtakes_what_waits(distilled_run: Path, queue: ProjectionQueue) -> None:
    *backlog, wanted = jobs_of(distilled_run, "tsne")
    queue.request(backlog, on_screen=False)
    queue.request([wanted])
    while not wanted.is_done:
        assert queue.wait(timeout=60)
    finished = [job for job in backlog if job.is_done]
    assert len(finished) <= 1  # at most the one that was in the making


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


def test_what_is_cancelled_does_not_wait_any_more_and_what_is_in_the_making_is_kept(
    distilled_run: Path, queue: ProjectionQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kd_projector.jobs.queue._LET_IT_FINISH_S", 600.0)  # however slow this machine is
    jobs = jobs_of(distilled_run, "tsne")
    queue.request(jobs)
    while not queue.progress().running:
        queue.wait(timeout=60)
    queue.cancel_all()
    assert queue.progress().queued == 0
    drain(queue)
    assert queue.progress().done == 1
    assert queue.failures() == []
    assert jobs[0].reference is not None
    assert jobs[0].reference.is_done
    assert not any(job.is_done for job in jobs)
    queue.request(jobs)
    drain(queue)
    assert all(job.is_done for job in jobs)


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


def test_a_frame_in_the_making_that_another_viewer_wants_goes_on(
    distilled_run: Path, queue: ProjectionQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kd_projector.jobs.queue._LET_IT_FINISH_S", 0.0)
    job = jobs_of(distilled_run, "pca")[0]
    queue.request([job], viewer="a")
    queue.request([job], viewer="b")
    queue.cancel_all(viewer="a")
    drain(queue)
    assert job.is_done


def test_viewers_who_ask_for_one_frame_at_one_time_get_one_job(distilled_run: Path, queue: ProjectionQueue) -> None:
    jobs = jobs_of(distilled_run, "pca")
    together = threading.Barrier(8)

    def ask(viewer: str) -> None:
        together.wait()
        queue.request(jobs, viewer=viewer)

    askers = [threading.Thread(target=ask, args=(f"viewer {i}",)) for i in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    drain(queue)
    assert queue.progress().done == len(jobs) + 1


def test_a_frame_that_another_process_is_making_is_waited_for_and_not_made_again(
    distilled_run: Path, queue: ProjectionQueue
) -> None:
    elsewhere, *others = jobs_of(distilled_run, "pca")
    assert elsewhere.reference is not None
    queue.request([elsewhere.reference])
    drain(queue)
    theirs = Frame(np.full((120, 2), 7.0), np.ones(120), "pca", "rigid")
    with claimed(elsewhere, wait=False) as mine:
        assert mine
        queue.request([elsewhere, *others])
        while not all(job.is_done for job in others):
            assert queue.wait(timeout=60)
        assert not elsewhere.is_done
        FrameStore(distilled_run).put(elsewhere.key, theirs)
    drain(queue)
    assert queue.failures() == []
    np.testing.assert_array_equal(frame_of(elsewhere), theirs.coordinates)


def test_a_frame_that_cannot_be_made_says_why_and_the_others_are_made(
    distilled_run: Path, queue: ProjectionQueue
) -> None:
    broken = digits_embedding(120, (9,))
    broken[3, 0] = np.nan
    with RunWriter(distilled_run) as writer:
        writer.write_step("student", 9, {"early": broken, "late": digits_embedding(120, (10,))})
    jobs = jobs_of(distilled_run, "pca")
    queue.request(jobs)
    drain(queue)
    ((job, why),) = queue.failures()
    assert (job.request.embedding.step, job.request.embedding.layer) == (9, "early")
    assert "NaN" in why
    assert sum(job.is_done for job in jobs) == len(jobs) - 1


def test_runs_of_one_teacher_each_get_its_maps_which_are_computed_once(tmp_path: Path, queue: ProjectionQueue) -> None:
    recipe = RunRecipe((("teacher", "teacher", (0,)),))
    runs = [write_run(tmp_path / name, recipe) for name in ("one", "two")]
    jobs = [pin(frame) for frame in frames_of([RunReader(run) for run in runs], ["tsne"])]
    assert len({job.key for job in jobs}) == len(jobs) / 2
    queue.request(jobs)
    drain(queue)
    assert queue.failures() == []
    assert all(job.is_done for job in jobs)
    made = [{path.name: path.read_bytes() for path in run.rglob("projections/*.safetensors")} for run in runs]
    assert all(made[0][name] == made[1][name] for name in made[1])


def test_a_failed_reference_fails_the_frames_that_need_it(distilled_run: Path, queue: ProjectionQueue) -> None:
    broken = np.full((120, 16), np.inf, np.float32)
    with RunWriter(distilled_run) as writer:
        writer.write_step("teacher", 7, {"early": broken, "late": broken})
    jobs = jobs_of(distilled_run, "pca")
    assert {job.reference.request.embedding.step for job in jobs if job.reference} == {7}
    queue.request(jobs)
    drain(queue)
    assert len(queue.failures()) == len({job.key for job in jobs}) + 1
    assert any("its reference map failed" in why for _, why in queue.failures())


def test_a_run_that_cannot_be_written_to_has_its_frames_in_the_users_cache(
    distilled_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KD_PROJECTOR_CACHE", str(tmp_path / "cache"))
    blocked = distilled_run / "plugins" / "kd_projector" / "projections"
    blocked.write_text("a file where the folder would be")  # also root cannot write below it
    assert project_runs([RunReader(distilled_run)], ["pca"], workers=1, progress=False) == []
    assert all(job.is_done for job in jobs_of(distilled_run, "pca"))
    assert list((tmp_path / "cache").rglob("*.safetensors"))


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


def test_a_frame_that_failed_is_tried_again_once_that_was_told_and_it_is_asked_for(
    distilled_run: Path, queue: ProjectionQueue
) -> None:
    jobs = jobs_of(distilled_run, "pca")
    reference = jobs[0].reference
    assert reference is not None
    step_file = next(distilled_run.rglob("steps/teacher/*.safetensors"))
    content = step_file.read_bytes()
    step_file.unlink()
    student = next(job for job in jobs if job.request.embedding.model == "student")
    queue.request([student])
    drain(queue)
    (told,) = queue.request([student])
    assert told is not None
    assert told.state == "failed"
    step_file.write_bytes(content)
    queue.request([student], on_screen=False)  # what is made ahead of time does not try again and again
    drain(queue)
    assert not student.is_done
    queue.request([student])
    drain(queue)
    assert student.is_done
    assert queue.failures() == []


def test_a_run_that_is_gone_does_not_cost_another_run_the_frames_they_share(
    tmp_path: Path, queue: ProjectionQueue
) -> None:
    recipe = RunRecipe((("teacher", "teacher", (0,)),))
    gone, there = (write_run(tmp_path / name, recipe) for name in ("gone", "there"))
    embeddings = [request.embedding for request in frames_of([RunReader(gone), RunReader(there)], ["pca"])]
    jobs = [pin(FrameRequest(embedding, "pca", "rigid")) for embedding in embeddings]
    shutil.rmtree(gone)
    queue.request(jobs)
    drain(queue)
    assert {job.request.embedding.run_dir for job, _ in queue.failures()} == {str(gone)}
    assert all(job.is_done for job in jobs if job.request.embedding.run_dir == str(there))


def test_a_damaged_frame_is_made_again(distilled_run: Path, queue: ProjectionQueue) -> None:
    jobs = jobs_of(distilled_run, "pca")
    queue.request(jobs)
    drain(queue)
    for frame in distilled_run.rglob("projections/*.safetensors"):
        frame.write_bytes(frame.read_bytes()[:100])
    queue.request(jobs)
    drain(queue)
    assert queue.failures() == []
    assert all(frame_of(job).shape == (120, 2) for job in jobs)
