"""Which frames there are, and what their reference is."""

import shutil
from pathlib import Path

import pytest

from kd_projector.errors import StoreError, UsageError
from kd_projector.jobs.plan import default_references, frames_of, settled_step
from kd_projector.jobs.work import make_frame, pin
from kd_projector.store import FrameStore, RunReader
from tests.conftest import RunRecipe, write_run


def test_the_reference_is_the_teachers_last_hidden_layer_for_all_runs_with_its_probe(
    distilled_run: Path, baseline_run: Path
) -> None:
    references = default_references([RunReader(baseline_run), RunReader(distilled_run)])
    reference = references["f" * 32]
    assert (reference.run_dir, reference.model, reference.layer, reference.step) == (
        str(distilled_run),
        "teacher",
        "early",  # "late" is the output
        0,
    )


def test_without_a_teacher_the_reference_is_the_first_model_at_its_settled_step(baseline_run: Path) -> None:
    reference = default_references([RunReader(baseline_run)])["f" * 32]
    assert (reference.model, reference.layer, reference.step) == ("baseline", "early", 2)


def test_the_settled_step_moves_only_when_the_number_of_steps_doubles() -> None:
    steps = [10 * i for i in range(32)]
    chosen = [settled_step(steps[:n]) for n in range(1, 32)]
    assert sorted(set(chosen)) == [0, 10, 30, 70, 150]
    assert chosen == sorted(chosen)


def test_every_embedding_of_every_run_gets_a_frame(distilled_run: Path, baseline_run: Path) -> None:
    frames = frames_of([RunReader(distilled_run), RunReader(baseline_run)], ["tsne", "pca"])
    assert len(frames) == 2 * (2 * 1 + 2 * 3 + 2 * 2)
    assert [frame.embedding.step for frame in frames[:12]] == sorted(frame.embedding.step for frame in frames[:12])


def test_a_frame_is_named_by_its_content_not_by_its_place(tmp_path: Path) -> None:
    recipe = RunRecipe((("teacher", "teacher", (0,)),))
    first, second = write_run(tmp_path / "one", recipe), write_run(tmp_path / "two", recipe)
    keys = [{pin(frame).key for frame in frames_of([RunReader(run)], ["tsne"])} for run in (first, second)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 2


def test_a_reference_with_another_probe_is_refused(tmp_path: Path, distilled_run: Path) -> None:
    other = write_run(tmp_path / "other", RunRecipe((("m", "baseline", (0,)),), fingerprint="e" * 32))
    references = default_references([RunReader(distilled_run)])
    foreign = frames_of([RunReader(other)], ["pca"], references={"e" * 32: references["f" * 32]})
    with pytest.raises(UsageError, match="different probes"):
        pin(foreign[0])


def test_a_frame_knows_the_stored_step_before_its_own(distilled_run: Path) -> None:
    frames = frames_of([RunReader(distilled_run)], ["pca"])
    before = {(f.embedding.model, f.embedding.layer, f.embedding.step): f.previous for f in frames}
    assert before["teacher", "late", 0] is None
    assert before["student", "late", 0] is None
    previous = before["student", "late", 5]
    assert previous is not None
    assert (previous.model, previous.layer, previous.step) == ("student", "late", 1)


def test_a_damaged_step_before_costs_the_change_but_not_the_map(distilled_run: Path) -> None:
    frames = frames_of([RunReader(distilled_run)], ["pca"])
    request = next(f for f in frames if f.embedding.model == "student" and f.embedding.step == 5)
    assert request.previous is not None
    whole = pin(request)
    step_file = next(distilled_run.rglob("steps/student/*000001.safetensors"))
    content = step_file.read_bytes()
    for damaged in (content[: len(content) // 2], content[:9]):
        step_file.write_bytes(damaged)
        job = pin(request)
        assert job.reference is not None
        make_frame(job.reference)
        make_frame(job)
        frame = FrameStore(distilled_run).get(job.key)
        assert frame is not None
        assert frame.changed is None
    step_file.write_bytes(content)
    again = pin(request)
    assert again.key == whole.key


def test_a_step_before_that_was_written_anew_meanwhile_is_not_taken_for_the_one_asked_for(distilled_run: Path) -> None:
    frames = frames_of([RunReader(distilled_run)], ["pca"])
    job = pin(next(f for f in frames if f.embedding.model == "student" and f.embedding.step == 5))
    assert job.reference is not None
    make_frame(job.reference)
    steps = next(distilled_run.rglob("steps/student"))
    shutil.copy(steps / "000000000005.safetensors", steps / "000000000001.safetensors")
    with pytest.raises(StoreError, match="Step 1 of 'student' was written anew meanwhile; ask again"):
        make_frame(job)
    assert not job.is_done
