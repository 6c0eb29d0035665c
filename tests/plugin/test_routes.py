"""The HTTP API of a real TensorBoard process, as http_api.md has it."""

import json
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from kd_projector.store import Measured, MeasuredWriter, MeasureValue, RunWriter
from tests.conftest import RunRecipe, digits_embedding, write_run
from tests.tensorboard_process import TensorBoard

STUDENT: tuple[str, Any] = ("distilled", "student")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    write_run(folder / "distilled", RunRecipe((("teacher", "teacher", (0,)), ("student", "student", (0, 1, 5)))))
    write_run(folder / "baseline", RunRecipe((("baseline", "baseline", (0, 2)),)))
    return folder


@pytest.fixture(scope="module")
def board(logs: Path) -> Iterator[TensorBoard]:
    with TensorBoard("--logdir", str(logs)) as board:
        yield board


def frames_until_ready(board: TensorBoard, **request: Any) -> tuple[dict[str, np.ndarray], list[dict[str, Any]]]:
    while True:
        arrays, metadata = board.arrays("frames", request=request)
        if not any(frame["status"] in ("queued", "running") for frame in metadata["frames"]):
            return arrays, metadata["frames"]


def test_the_plugin_is_listed_and_active(board: TensorBoard) -> None:
    listing = board.get("/data/plugins_listing")[2]
    assert b'"kd_projector"' in listing
    assert b"KD Projector" in listing


def test_the_overview_lists_runs_models_layers_and_steps(board: TensorBoard) -> None:
    overview = board.json("overview")
    assert [run["name"] for run in overview["runs"]] == ["baseline", "distilled"]
    distilled = overview["runs"][1]
    assert distilled["error"] is None
    assert [(model["name"], model["role"], model["steps"]) for model in distilled["models"]] == [
        ("teacher", "teacher", [0]),
        ("student", "student", [0, 1, 5]),
    ]
    assert [layer["name"] for layer in distilled["models"][0]["layers"]] == ["early", "late"]
    assert overview["references"] == {"f" * 32: ["distilled", "teacher", "early", 0]}
    assert [method["name"] for method in overview["methods"]][:3] == ["tsne", "ivis", "pca"]
    tsne = overview["methods"][0]
    assert (tsne["mode"], tsne["loss"]) == ("readout", "KL divergence")
    assert [mode["name"] for mode in tsne["modes"]] == ["readout", "independent", "anchored"]
    assert "structure that is not there" in tsne["modes"][2]["note"]
    assert (tsne["params"], tsne["dimensions"]) == ({"perplexity": 30}, [2, 3])
    installed = {name: version(name) for name in ("torch", "tensorboard", "scikit-learn", "openTSNE")}
    assert installed.items() <= overview["versions"].items()
    assert overview["versions"]["python"] == platform.python_version()
    assert overview["measures"]["knn_accuracy"]["higher_is_better"] is True


def test_the_probe_has_labels_classes_and_metadata(board: TensorBoard) -> None:
    probe = board.json("probe", run="distilled")
    assert probe["size"] == 120
    assert probe["ids"][1] == "digit 1"
    assert probe["class_names"][3] == "3"
    assert probe["metadata"]["writer"][:2] == ["right", "left"]
    assert len(probe["labels"]) == 120


def test_outputs_of_several_models_come_in_one_answer(board: TensorBoard) -> None:
    arrays, _ = board.arrays("outputs", items=[["distilled", "teacher", 0], ["distilled", "student", 5]])
    assert arrays["prediction/0"].dtype == np.int32
    assert arrays["confidence/1"].shape == (120,)


def test_a_sample_has_a_history_by_model_and_column(board: TensorBoard) -> None:
    history = board.json("sample", run="distilled", sample="7")
    assert list(history) == ["teacher", "student"]
    label = int(load_digits().target[7])
    nothing = {"entropy": None, "loss": None}  # this run logged neither
    assert history["teacher"] == {"steps": [0], "prediction": [label], "confidence": [0.5], **nothing}
    assert history["student"] == {"steps": [0, 1, 5], "prediction": [label] * 3, "confidence": [0.5] * 3, **nothing}


def test_measures_come_as_series_over_steps(board: TensorBoard) -> None:
    measures = board.json("measures", run="distilled")
    assert measures["student"]["steps"] == [0, 1, 5]
    assert {
        "measure": "knn_accuracy",
        "layer": "late",
        "other_run": None,
        "other_model": None,
        "other_layer": None,
        "values": [0.9] * 3,
    } in (measures["student"]["series"])


def test_measures_between_runs_name_the_other_run_as_tensorboard_does_and_leave_out_what_is_not_listed(
    board: TensorBoard, logs: Path
) -> None:
    against = [
        Measured(
            "0" * 32, "linear_cka", run, "teacher", (MeasureValue("linear_cka", 0.5, "late", "teacher", "early", run),)
        )
        for run in ("../distilled", "../deleted")
    ]
    _, headers, before = board.ours("measures", run="baseline")
    with MeasuredWriter(logs / "baseline") as writer:
        writer.write("baseline", 2, against)
    status, _, body = board.get("/data/plugin/kd_projector/measures?run=baseline", {"If-None-Match": headers["ETag"]})
    measured_file = logs / "baseline/plugins/kd_projector/measured/baseline/000000000002.json"
    measured_file.unlink()
    assert (status, body == before) == (200, False)
    series = [one for one in json.loads(body)["baseline"]["series"] if one["measure"] == "linear_cka"]
    assert series == [
        {
            "measure": "linear_cka",
            "layer": "late",
            "other_run": "distilled",
            "other_model": "teacher",
            "other_layer": "early",
            "values": [None, 0.5],
        }
    ]
    status, _, _ = board.get("/data/plugin/kd_projector/measures?run=baseline", {"If-None-Match": headers["ETag"]})
    assert status == 304


def test_frames_are_computed_on_demand_and_then_there(board: TensorBoard) -> None:
    wanted = [
        ["distilled", "teacher", "early", 0],
        ["distilled", "student", "late", 5],
        ["baseline", "baseline", "late", 2],
    ]
    arrays, frames = frames_until_ready(board, method="pca", frames=wanted)
    assert [frame["status"] for frame in frames] == ["ready"] * 3
    assert arrays["coordinates/2"].shape == (120, 2)
    assert arrays["kept/0"].shape == (120,)
    assert 0 <= frames[0]["quality"]["neighbours_kept"] <= 1
    assert "changed/0" not in arrays  # a first step has none before it
    assert frames[1]["quality"]["changed"] == pytest.approx(arrays["changed/1"].mean(), abs=1e-6)
    again, _ = frames_until_ready(board, method="pca", frames=wanted)
    np.testing.assert_array_equal(arrays["coordinates/1"], again["coordinates/1"])
    assert board.json("progress")["queued"] == 0


def test_maps_of_three_dimensions_are_made_beside_those_of_two(board: TensorBoard) -> None:
    wanted = [["distilled", "teacher", "early", 0], ["distilled", "student", "late", 5]]
    for method in ("tsne", "pca"):
        cubes, of_cubes = frames_until_ready(board, method=method, frames=wanted, dimensions=3)
        flat, of_flat = frames_until_ready(board, method=method, frames=wanted, dimensions=2)
        assert [cubes["coordinates/1"].shape, flat["coordinates/1"].shape] == [(120, 3), (120, 2)]
        assert of_cubes[1]["key"] != of_flat[1]["key"]
        assert of_cubes[1]["reference"] != of_flat[1]["reference"]  # the same embedding's map, in three dimensions
        assert of_cubes[1]["quality"]["neighbours_kept"] > of_flat[1]["quality"]["neighbours_kept"]
        assert np.linalg.matrix_rank(cubes["coordinates/1"], tol=1e-3) == 3


def test_true_neighbours_come_of_frames_that_are_there_and_asking_for_them_queues_nothing(board: TensorBoard) -> None:
    wanted = [
        ["distilled", "student", "late", 0],
        ["distilled", "student", "early", 1],
        ["nobody", "student", "late", 0],
    ]
    frames_until_ready(board, method="pca", frames=wanted[:1])
    arrays, _ = board.arrays("neighbours", request={"method": "pca", "frames": wanted})
    assert sorted(arrays) == ["neighbours/0", "tied/0"]
    progress = board.json("progress")
    assert progress["queued"] + progress["running"] == 0
    assert [arrays["neighbours/0"].dtype, arrays["tied/0"].dtype] == [np.int32, np.uint8]
    assert not arrays["tied/0"].any()
    layer = digits_embedding(120, (1, 0, 1)).astype(np.float16).astype(float)
    distances = np.linalg.norm(layer[:, None] - layer, axis=2)
    np.fill_diagonal(distances, np.inf)
    np.testing.assert_array_equal(arrays["neighbours/0"], distances.argsort(axis=1)[:, :15])


def test_after_all_this_tensorboards_process_holds_no_engine(board: TensorBoard) -> None:
    frames_until_ready(board, method="tsne", frames=[["distilled", "student", "late", 5]])
    libraries = Path(f"/proc/{board.pid}/maps").read_text()
    assert "numpy" in libraries  # so the look is a look
    # Not scikit-learn: tensorflow, which TensorBoard loads where it is installed, may load that. See test_loading.
    for engine in ("libtorch", "/openTSNE/"):
        assert engine not in libraries


def test_a_step_that_is_not_there_fails_alone(board: TensorBoard) -> None:
    wanted = [["distilled", "student", "late", 3], ["distilled", "student", "late", 1]]
    _, (absent, present) = frames_until_ready(board, method="pca", frames=wanted)
    assert absent["status"] == "failed"
    assert "not embedded at step 3" in absent["message"]
    assert present["status"] == "ready"


def test_what_the_browser_has_already_is_not_sent_again(board: TensorBoard) -> None:
    _, headers, body = board.ours("probe", run="distilled")
    status, _, empty = board.get("/data/plugin/kd_projector/probe?run=distilled", {"If-None-Match": headers["ETag"]})
    assert (status, empty) == (304, b"")
    assert body
    assert board.complaints() == []


@pytest.mark.parametrize(
    ("route", "parameters", "status", "sentence"),
    [
        ("probe", {}, 400, "'run' is missing"),
        ("probe", {"run": "nobody"}, 404, "no run 'nobody'"),
        ("probe", {"run": "../../../../etc"}, 404, "no run"),
        ("thumbnails", {"run": "distilled", "sheet": "-1"}, 400, "not a whole number"),
        ("thumbnails", {"run": "distilled", "sheet": "0"}, 404, "No thumbnail sheet"),
        ("outputs", {"items": "{"}, 400, "not JSON"),
        ("outputs", {"items": [["distilled", "student"]]}, 400, "not a list of"),
        ("outputs", {"items": [["distilled", "../student", 0]]}, 404, "'../student'"),
        ("outputs", {"items": [["distilled", "student", -1]]}, 404, "not embedded at step -1"),
        ("sample", {"run": "distilled", "sample": "120"}, 400, "one of the probe's 120 samples: they are 0 to 119"),
        ("sample", {"run": "distilled", "sample": "-1"}, 400, "not a whole number"),
        ("sample", {"run": "distilled", "sample": "1.5"}, 400, "not a whole number"),
        ("sample", {"run": "distilled", "sample": "9" * 5000}, 400, "not a whole number"),
        ("sample", {"run": "distilled"}, 400, "'sample' is missing"),
        ("sample", {"run": "nobody", "sample": "1"}, 404, "no run 'nobody'"),
        ("frames", {"request": {"method": "magic", "frames": []}}, 400, "No projection method 'magic'"),
        ("frames", {"request": {"method": "tsne", "frames": [], "dimensions": 4}}, 400, "dimensions is 4; a map has 2"),
        ("frames", {"request": {"method": "tsne", "frames": [], "dimensions": "3"}}, 400, "dimensions is '3'"),
        ("frames", {"request": {"method": "tsne", "mode": "rigid", "frames": []}}, 400, "no mode 'rigid'"),
        ("frames", {"request": {"method": "tsne", "frames": [["a", "b"]]}}, 400, "is not an embedding"),
        ("frames", {"request": {"method": "tsne", "frames": [["a", "b", "c", 0]] * 600}}, 400, "at most 512"),
        ("frames", {"request": []}, 400, "must be a JSON object"),
        ("neighbours", {"request": {"method": "magic", "frames": []}}, 400, "No projection method 'magic'"),
    ],
)
def test_a_wrong_request_gets_a_sentence(
    board: TensorBoard, route: str, parameters: dict[str, Any], status: int, sentence: str
) -> None:
    code, _, body = board.ours(route, **parameters)
    assert (code, sentence in body.decode()) == (status, True), body


@pytest.mark.parametrize(
    "path", ["../plugin.py", "..%2fplugin.py", "assets/../../plugin.py", "/etc/passwd", "sources.sha256"]
)
def test_nothing_but_the_panels_own_files_is_served(board: TensorBoard, path: str) -> None:
    status, _, body = board.get(f"/data/plugin/kd_projector/{path}")
    assert status == 404
    assert b"import" not in body


def test_new_steps_show_while_the_run_is_being_written(board: TensorBoard, logs: Path) -> None:
    with RunWriter(logs / "baseline") as writer:
        writer.write_step("baseline", 7, {name: digits_embedding(120, (7,)) for name in ("early", "late")})
    baseline = board.json("overview")["runs"][0]["models"][0]
    assert baseline["steps"] == [0, 2, 7]


def test_a_damaged_file_of_measures_leaves_a_gap_in_the_curves(board: TensorBoard, logs: Path) -> None:
    path = logs / "distilled/plugins/kd_projector/measures/student/000000000001.json"
    content = path.read_bytes()
    path.write_text("[{")
    student = board.json("measures", run="distilled")["student"]
    path.write_bytes(content)
    assert student["steps"] == [0, 1, 5]
    assert {series["values"][1] for series in student["series"]} == {None}
    assert None not in {series["values"][0] for series in student["series"]}
