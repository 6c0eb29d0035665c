"""The queue with real worker processes: what it makes, in which order, and for whom."""

import threading
from pathlib import Path

import numpy as np
import pytest

from kd_projector.jobs.batch import project_runs
from kd_projector.jobs.claims import claimed
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import pin
from kd_projector.store import Frame, FrameStore, RunReader
from tests.conftest import RunRecipe, write_run
from tests.jobs.frame_jobs import drain, frame_of, jobs_of


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


def test_a_run_that_cannot_be_written_to_has_its_frames_in_the_users_cache(
    distilled_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KD_PROJECTOR_CACHE", str(tmp_path / "cache"))
    blocked = distilled_run / "plugins" / "kd_projector" / "projections"
    blocked.write_text("a file where the folder would be")  # also root cannot write below it
    assert project_runs([RunReader(distilled_run)], ["pca"], workers=1, progress=False) == []
    assert all(job.is_done for job in jobs_of(distilled_run, "pca"))
    assert list((tmp_path / "cache").rglob("*.safetensors"))
