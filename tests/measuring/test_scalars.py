"""What was measured afterwards in TensorBoard's Scalars: there, once, up to date, and never at the logger's cost."""

import json
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator

from kd_projector.measuring.scalars import MEASURED_SUFFIX
from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import RunWriter
from tests.measuring.stored_runs import add_step, event_files, measure, value_of
from tests.tensorboard_process import TensorBoard

TAG = "kd/baseline/late/linear_cka_last"
AGAINST = "kd/baseline/late/linear_cka/distilled/teacher.early"


@pytest.fixture
def logdir(distilled_run: Path, baseline_run: Path) -> Path:
    return distilled_run.parent


def curve(accumulator: EventAccumulator, tag: str) -> list[int]:
    """The steps of a scalar that the loader of `--load_fast=false` has seen so far."""
    accumulator.Reload()
    return [event.step for event in accumulator.Tensors(tag)] if tag in accumulator.Tags()["tensors"] else []


def loader(run: Path) -> EventAccumulator:
    return EventAccumulator(str(run), size_guidance={"tensors": 0})


def scalars(board: TensorBoard, tag: str) -> list[tuple[int, float]]:
    """Step and value, as the Scalars tab gets them; empty while TensorBoard has not read them."""
    status, _, body = board.get(f"/data/plugin/scalars/scalars?run=baseline&tag={quote(tag, safe='')}")
    return [(step, value) for _, step, value in json.loads(body)] if status == 200 else []


def scalars_once(board: TensorBoard, tag: str, steps: list[int]) -> list[tuple[int, float]]:
    """The same once they have these steps: TensorBoard looks for news every second here."""
    deadline = time.monotonic() + 60
    points = scalars(board, tag)
    while [step for step, _ in points] != steps:
        assert time.monotonic() < deadline, points
        points = scalars(board, tag)
    return points


def test_tensorboard_shows_them_and_shows_new_values_in_place_of_the_old(logdir: Path, baseline_run: Path) -> None:
    measure(logdir)
    with TensorBoard("--logdir", str(logdir), "--reload_interval", "1") as board:
        before = scalars_once(board, TAG, [0, 2])
        assert [value for _, value in before] == pytest.approx(
            [value_of(baseline_run, "baseline", step, "linear_cka_last", "late") for step in (0, 2)]
        )
        assert [step for step, _ in scalars_once(board, AGAINST, [0, 2])] == [0, 2]
        add_step(baseline_run, "baseline", 9)
        measure(logdir)
        after = scalars_once(board, TAG, [0, 2, 9])
        assert [value for _, value in after] == pytest.approx(
            [value_of(baseline_run, "baseline", step, "linear_cka_last", "late") for step in (0, 2, 9)]
        )
        assert after[1] != before[1]
        assert board.complaints() == []


def test_measuring_twice_leaves_one_file_without_a_point_twice(logdir: Path, baseline_run: Path) -> None:
    measure(logdir)
    measure(logdir, "effective_rank")
    add_step(baseline_run, "baseline", 9)
    measure(logdir)
    assert len([path for path in event_files(baseline_run) if path.name.endswith(MEASURED_SUFFIX)]) == 1
    assert curve(loader(baseline_run), TAG) == [0, 2, 9]
    assert curve(loader(baseline_run), "kd/baseline/late/effective_rank") == [0, 2]


def test_the_curves_of_a_logger_that_is_still_writing_go_on(logdir: Path, baseline_run: Path) -> None:
    with RunWriter(baseline_run):
        logger = ScalarLog(baseline_run)
        logger.add(0, 0.0, {"kd/loss/task": 2.0})
        logger.flush()
        before = event_files(baseline_run)[-1].read_bytes()
        watching = loader(baseline_run)
        assert curve(watching, "kd/loss/task") == [0]
        measure(logdir)
        assert event_files(baseline_run)[-1].read_bytes() == before
        assert curve(watching, "kd/loss/task") == [0]
        logger.add(1, 0.0, {"kd/loss/task": 1.0})
        logger.close()
        assert curve(watching, "kd/loss/task") == [0, 1]
    afresh = loader(baseline_run)
    assert curve(afresh, "kd/loss/task") == [0, 1]
    assert curve(afresh, TAG) == [0, 2]
    assert measure(logdir).steps == 0
    assert event_files(baseline_run)[-1].name.endswith(MEASURED_SUFFIX)  # the logger has finished


def test_a_training_that_goes_back_drops_the_points_of_its_dead_branch(logdir: Path, baseline_run: Path) -> None:
    measure(logdir)
    with RunWriter(baseline_run) as writer:
        writer.supersede_from("baseline", 2)
        ScalarLog(baseline_run, resumed_at=2).close()
    assert curve(loader(baseline_run), AGAINST) == [0]
    add_step(baseline_run, "baseline", 4)
    measure(logdir)
    assert curve(loader(baseline_run), AGAINST) == [0, 4]


def test_a_file_that_was_cut_short_is_written_anew(logdir: Path, baseline_run: Path) -> None:
    measure(logdir)
    (path,) = [path for path in event_files(baseline_run) if path.name.endswith(MEASURED_SUFFIX)]
    path.write_bytes(path.read_bytes()[:-50])
    measure(logdir)
    assert curve(loader(baseline_run), AGAINST) == [0, 2]
