"""Frames that the queue cannot make: what it says, and when it tries again."""

import shutil
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from kd_projector.errors import UsageError
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import FrameJob, pin
from kd_projector.projection.request import FrameRequest
from kd_projector.store import RunReader, RunWriter
from tests.conftest import RunRecipe, digits_embedding, write_run
from tests.jobs.frame_jobs import drain, frame_of, jobs_of


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
    assert not gone.exists()
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


def test_what_nobody_foresaw_fails_the_frames_with_a_sentence_and_the_queue_goes_on(
    distilled_run: Path, queue: ProjectionQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object) -> Future[bool]:
        raise ValueError("nobody foresaw this")

    jobs = jobs_of(distilled_run, "pca")
    with monkeypatch.context() as patch:
        patch.setattr("kd_projector.jobs.local_workers.LocalWorkers.submit", break_off)
        queue.request(jobs)
        drain(queue)
    assert {job.place for job in jobs} <= {job.place for job, _ in queue.failures()}
    assert all("unforeseen error (ValueError('nobody foresaw this'))" in why for _, why in queue.failures())
    queue.request(jobs)  # tells of the failures
    queue.request(jobs)
    drain(queue)
    assert all(job.is_done for job in jobs)


@pytest.mark.parametrize("news", ["it is not there", "the folder cannot be read"])
def test_a_frame_that_another_machine_made_where_it_cannot_be_read_fails_with_a_sentence(
    distilled_run: Path, queue: ProjectionQueue, monkeypatch: pytest.MonkeyPatch, news: str
) -> None:
    def look_again(_: FrameJob) -> bool:
        if news == "it is not there":
            return False
        raise RuntimeError(news)

    jobs = jobs_of(distilled_run, "pca")[:1]
    with monkeypatch.context() as patch:
        patch.setattr(FrameJob, "is_done", False)
        patch.setattr(FrameJob, "look_again", look_again)
        queue.request(jobs)
        drain(queue)
    sentence = "not where it can be read here" if news == "it is not there" else news
    assert queue.failures()
    assert all(sentence in why for _, why in queue.failures())


def test_a_closed_queue_says_so_and_does_not_wait(distilled_run: Path) -> None:
    queue = ProjectionQueue(workers=1)
    queue.start()
    queue.close()
    with pytest.raises(UsageError, match="has been closed"):
        queue.start()
    queue.request(jobs_of(distilled_run, "pca"))
    assert not queue.wait()
    assert all("has been closed" in why for _, why in queue.failures())
