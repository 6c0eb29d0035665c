"""The JSON of the HTTP API is what http_api.schema.json says: real answers, and the examples of http_api.md."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError

from tests.conftest import RunRecipe, write_run
from tests.tensorboard_process import TensorBoard

PLUGIN = files("kd_projector.plugin")
SCHEMA = json.loads((PLUGIN / "http_api.schema.json").read_text())
PAGE = (PLUGIN / "http_api.md").read_text()


def require(name: str, value: Any) -> None:
    """Raises ValidationError where `value` is not what the schema's property `name` says."""
    Draft7Validator({"$ref": f"#/properties/{name}", **SCHEMA}).validate(value)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoard]:
    logs = tmp_path_factory.mktemp("logs")
    write_run(logs / "distilled", RunRecipe((("teacher", "teacher", (0,)), ("student", "student", (0, 1)))))
    future = write_run(logs / "future", RunRecipe((("baseline", "baseline", (0,)),)))
    manifest = future / "plugins" / "kd_projector" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"schema_version": 1', '"schema_version": 2'))
    with TensorBoard("--logdir", str(logs)) as board:
        yield board


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


def test_answers_are_what_the_schema_says(board: TensorBoard) -> None:
    overview = board.json("overview")
    assert {run["error"] is None for run in overview["runs"]} == {True, False}  # the unreadable one has its own shape
    require("overview", overview)
    for route in ("probe", "measures"):
        require(route, board.json(route, run="distilled"))
    require("sample", board.json("sample", run="distilled", sample="3"))
    require("progress", board.json("progress"))
    status, _, body = board.ours("probe", run="nobody")
    assert status == 404
    require("error", json.loads(body))


def test_what_is_said_of_frames_is_what_the_schema_says(board: TensorBoard) -> None:
    request = {
        "method": "pca",
        "mode": "rigid",
        "reference": ["distilled", "teacher", "early", 0],
        "frames": [["distilled", "student", "late", step] for step in (1, 9)],
        "dimensions": 3,
        "prefetch": False,
        "viewer": "somebody",
    }
    require("frames_request", request)
    seen = set()
    while seen < {"ready", "failed"} or not seen & {"queued", "running"}:
        _, metadata = board.arrays("frames", request=request)
        for entry in metadata["frames"]:
            require("frames_entry", entry)
            seen.add(entry["status"])
    status, _, answer = board.post(
        "/data/plugin/kd_projector/cancel", json.dumps({"viewer": "somebody"}), "application/json"
    )
    assert status == 200
    require("progress", json.loads(answer))


EXAMPLES = {
    "`/overview` → JSON": ["overview"],
    "`/probe?run=R` → JSON": ["probe"],
    "`/sample?run=R&sample=12` → JSON": ["sample"],
    "`/measures?run=R` → JSON": ["measures"],
    "`/frames?request=JSON` → safetensors": ["frames_request", "frames_entry"],
    "`POST /cancel` → JSON": ["cancel_body"],
}


@pytest.mark.parametrize("heading", EXAMPLES)
def test_the_pages_examples_are_what_the_schema_says(heading: str) -> None:
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    examples = [json.loads(found) for found in re.findall(r"```json\n(.*?)```", section, re.DOTALL)]
    assert len(examples) == len(EXAMPLES[heading])
    for name, example in zip(EXAMPLES[heading], examples, strict=True):
        require(name, example)


def test_the_pages_headings_are_the_routes(board: TensorBoard) -> None:
    for route in re.findall(r"^## `(?:POST )?(/[a-z]+)[?`]", PAGE, re.M):
        assert board.get(f"/data/plugin/kd_projector{route}")[0] in (200, 400, 405), route


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("progress", {"quueued": 3}),
        ("progress", {"queued": "3"}),
        ("progress", {"seconds_left": "soon"}),
        ("frames_request", {"dimensions": 4}),
        ("frames_request", {"frames": [["a", "b", 0]]}),
        ("frames_entry", {"status": "done"}),
    ],
)
def test_the_schema_would_notice(name: str, change: dict[str, Any]) -> None:
    good: dict[str, dict[str, Any]] = {
        "progress": {"queued": 1, "running": 0, "done": 0, "failed": 0, "seconds_left": None},
        "frames_request": {"method": "pca", "frames": [["a", "b", "c", 0]]},
        "frames_entry": {"status": "queued"},
    }
    require(name, good[name])
    with pytest.raises(ValidationError):
        require(name, good[name] | change)
