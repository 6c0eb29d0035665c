"""What a panel wants no more, said to a real TensorBoard over HTTP."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import RunRecipe, write_run
from tests.tensorboard_process import TensorBoard

STEPS = range(12)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    logs = tmp_path_factory.mktemp("logs")
    write_run(logs / "run", RunRecipe((("teacher", "teacher", tuple(STEPS)),), samples=1700))
    with TensorBoard("--logdir", str(logs), "--kd_projector_workers", "1") as board:
        yield board


def embeddings() -> list[list[Any]]:
    return [["run", "teacher", "late", step] for step in STEPS]


def ask(board: TensorBoard, viewer: str, method: str = "tsne") -> list[str]:
    _, metadata = board.arrays("frames", request={"method": method, "frames": embeddings(), "viewer": viewer})
    return [frame["status"] for frame in metadata["frames"]]


def cancel(board: TensorBoard, body: Any) -> Any:
    status, _, answer = board.post("/data/plugin/kd_projector/cancel", json.dumps(body), "application/json")
    assert status == 200, answer
    return json.loads(answer)


def until_idle(board: TensorBoard) -> dict[str, Any]:
    while (progress := board.json("progress"))["queued"] + progress["running"]:
        pass
    return dict(progress)


def test_a_frame_leaves_the_queue_when_the_last_viewer_who_wants_it_cancels(board: TensorBoard) -> None:
    assert set(ask(board, "a")) == set(ask(board, "b")) == {"queued"}
    assert cancel(board, {"viewer": "a"})["queued"] >= len(STEPS)
    some = {"viewer": "b", "method": "tsne", "frames": embeddings()[:4]}
    assert len(STEPS) - 4 <= cancel(board, some)["queued"] <= len(STEPS) - 3
    assert cancel(board, {"viewer": "b"})["queued"] == 0
    assert until_idle(board)["failed"] == 0
    assert ask(board, "b").count("ready") <= 1  # the one that was in the making
    cancel(board, {"viewer": "b"})


def test_two_viewers_who_ask_at_one_time_get_each_frame_made_once(board: TensorBoard) -> None:
    until_idle(board)
    askers = [threading.Thread(target=ask, args=(board, viewer, "pca")) for viewer in ("a", "b")]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert until_idle(board)["done"] == len(STEPS) + 1
    assert set(ask(board, "a", "pca")) == {"ready"}


@pytest.mark.parametrize(
    ("body", "content_type", "status", "sentence"),
    [
        ('{"viewer": "a"}', "text/plain", 400, "takes application/json, not 'text/plain'"),
        ('{"viewer": "a"}', "application/x-www-form-urlencoded", 400, "takes application/json"),
        ("{", "application/json", 400, "not JSON"),
        ("[]", "application/json", 400, "the name of the 'viewer'"),
        ('{"viewer": 7}', "application/json", 400, "the name of the 'viewer'"),
        ('{"viewer": "a", "frames": []}', "application/json", 400, "No projection method"),
    ],
)
def test_only_a_page_of_ours_can_cancel_and_only_in_words_that_make_sense(
    board: TensorBoard, body: str, content_type: str, status: int, sentence: str
) -> None:
    code, _, answer = board.post("/data/plugin/kd_projector/cancel", body, content_type)
    assert (code, sentence in answer.decode()) == (status, True), answer


def test_looking_at_the_address_cancels_nothing(board: TensorBoard) -> None:
    code, headers, _ = board.ours("cancel")
    assert (code, headers["Allow"]) == (405, "POST")
