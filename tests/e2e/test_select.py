"""Choosing samples: with the pointer on the maps, and by the sheet Select; on the demo's runs."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from kd_projector.demo.network import LAYERS
from kd_projector.store import FrameStore, RunReader
from tests.e2e.panel_page import PanelPage

STUDENT = len(LAYERS)  # the first panel of the second row


def drag(panel: PanelPage, corners: np.ndarray, *keys: str) -> None:
    """The pointer goes down at the first corner, by way of the others, and up at the last, with `keys` held."""
    for key in keys:
        panel.page.keyboard.down(key)
    corners = np.asarray(corners, dtype=float)
    panel.page.mouse.move(*corners[0].tolist())
    panel.page.mouse.down()
    for corner in corners[1:]:
        panel.page.mouse.move(*corner.tolist(), steps=4)
    panel.page.mouse.up()
    for key in keys:
        panel.page.keyboard.up(key)


def inside(places: np.ndarray, low: np.ndarray, high: np.ndarray, slack: float = 0) -> set[int]:
    """The samples within a box, made larger by `slack` pixels."""
    return set(np.flatnonzero(((places > low - slack) & (places < high + slack)).all(axis=1)).tolist())


def test_click_lasso_and_rectangle_replace_add_with_shift_and_take_away_with_alt(panel: PanelPage) -> None:
    places = panel.places(STUDENT)
    box = panel.get("map").nth(STUDENT).bounding_box()
    assert box is not None
    corner, size = np.array([box["x"], box["y"]]), np.array([box["width"], box["height"]])
    left = corner + 3, corner + size * [0.5, 1] - 3
    upper = corner + 3, corner + size * [1, 0.5] - 3

    def selected() -> set[int]:
        return set(panel.state["selected"])

    # Within a pixel of an edge a sample may fall on either side of it.
    surely_left, maybe_left = inside(places, *left, -1), inside(places, *left, 1)
    surely_upper, maybe_upper = inside(places, *upper, -1), inside(places, *upper, 1)

    panel.get("tool-rectangle").check(force=True)
    drag(panel, np.array(left))
    panel.wait_for("s.selected.length > 0")
    first = selected()
    assert surely_left <= first <= maybe_left
    drag(panel, np.array(upper), "Shift")
    panel.wait_for("s.selected.length > argument", len(first))
    assert first | surely_upper <= selected() <= first | maybe_upper
    drag(panel, np.array(upper), "Alt")
    panel.wait_for("s.selected.length < argument", len(first))
    kept = selected()
    assert first - maybe_upper <= kept <= first - surely_upper
    drag(panel, np.array([corner + 2, corner + 4]))  # an unsteady hand, on nothing: no rectangle
    assert selected() == kept

    # Escape gives up what is being drawn: nothing is selected when the button comes up, and nothing is let go.
    panel.page.mouse.move(*left[0].tolist())
    panel.page.mouse.down()
    panel.page.mouse.move(*left[1].tolist(), steps=4)
    expect(panel.frame.locator(".lasso")).to_have_count(1)
    panel.page.keyboard.press("Escape")
    expect(panel.frame.locator(".lasso")).to_have_count(0)
    panel.page.mouse.up()
    assert selected() == kept

    # In the move tool a drag with Shift is a lasso that adds.
    panel.get("tool-pan").check(force=True)
    low, high = upper
    loop = np.array([low, (high[0], low[1]), high, (low[0], high[1]), low])
    drag(panel, loop, "Shift")
    panel.wait_for("s.selected.length > argument", len(kept))
    assert kept | surely_upper <= selected() <= kept | maybe_upper

    lonely = panel.lonely_sample(STUDENT)
    other = panel.lonely_sample(STUDENT + 1)
    panel.page.mouse.click(*places[lonely])
    panel.wait_for("s.selected.length === 1 && s.selected[0] === argument && s.inspected === argument", lonely)
    there = panel.places(STUDENT + 1)[other]
    panel.page.keyboard.down("Shift")
    panel.page.mouse.click(*there)
    panel.page.keyboard.up("Shift")
    panel.wait_for("s.selected.length === 2 && s.inspected === argument", other)
    panel.page.keyboard.down("Alt")
    panel.page.mouse.click(*there)
    panel.page.keyboard.up("Alt")
    panel.wait_for("s.selected.length === 1 && s.selected[0] === argument", lonely)


def test_two_fingers_zoom_and_draw_nothing(panel: PanelPage) -> None:
    panel.get("tool-lasso").check(force=True)
    scale = panel.state["camera"]["scale"]
    box = panel.get("map").nth(STUDENT).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = panel.page.context.new_cdp_session(panel.page)

    def send(kind: str, *reaches: float) -> None:
        points = [{"x": x + reach, "y": y, "id": i} for i, reach in enumerate(reaches)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", -20)
    send("touchStart", -20, 20)
    send("touchMove", -40, 40)
    panel.wait_for("Math.abs(s.camera.scale / argument - 2) < 0.05", scale)
    send("touchEnd")
    expect(panel.frame.locator(".lasso")).to_have_count(0)
    assert panel.state["selected"] == []


def predictions(logs: Path, run: str, model: str, step: int) -> np.ndarray:
    reader = RunReader(logs / run)
    return np.asarray(reader.outputs(model, reader.stored_step(model, step))["prediction"])


def selected(panel: PanelPage) -> list[int]:
    found: list[int] = panel.state["selected"]
    return found


def test_samples_are_found_by_text_and_reached_by_keyboard_then_inverted_and_isolated(
    panel: PanelPage, demo: tuple[Path, str]
) -> None:
    probe = RunReader(demo[0] / "distilled").probe
    ids, labels = list(probe.ids), np.asarray(probe.labels)
    find, count = panel.get("find"), panel.get("find-count")
    panel.press("/")
    expect(find).to_be_focused()
    find.fill("digit 17")
    wanted = [i for i, name in enumerate(ids) if "digit 17" in name]
    expect(count).to_have_attribute("data-count", str(len(wanted)))
    panel.wait_for("JSON.stringify(s.previewed) === JSON.stringify(argument)", wanted)  # the maps show them already
    assert selected(panel) == []
    find.press("Enter")
    panel.wait_for("JSON.stringify(s.selected) === JSON.stringify(argument)", wanted)

    # One by one, each ringed in all maps: the whole text comes first.
    find.fill("digit 170" if "digit 170" in ids else ids[0])
    exact = ids.index(find.input_value())
    find.press("ArrowDown")
    panel.wait_for("s.hovered === argument", exact)
    expect(panel.get("sample-card")).to_have_attribute("data-sample", str(exact))
    find.press("Enter")
    panel.wait_for("s.selected.length === 1 && s.selected[0] === argument && s.inspected === argument", exact)
    find.fill("label:3")
    threes = np.flatnonzero(labels == 3).tolist()
    find.press("Shift+Enter")
    panel.wait_for("s.selected.length === argument", len({exact, *threes}))

    # With nothing typed the list is of all samples.
    find.fill("")
    find.press("ArrowDown")
    expect(count).to_have_attribute("data-count", str(len(ids)))
    find.press("PageDown")
    panel.wait_for("s.hovered === 8")

    panel.get("find-pattern").check(force=True)
    find.fill("id: (")
    expect(count).to_contain_text("This is not a regular expression yet")
    find.fill(r"id: [02]7$")
    matching = [i for i, name in enumerate(ids) if re.search(r"[02]7$", name)]
    expect(count).to_have_attribute("data-count", str(len(matching)))
    find.press("Enter")
    panel.wait_for("JSON.stringify(s.selected) === JSON.stringify(argument)", matching)

    panel.get("invert").click()
    panel.wait_for("s.selected.length === argument", len(ids) - len(matching))
    panel.get("invert").click()
    panel.get("isolate").click()
    panel.wait_for("JSON.stringify(s.isolated) === JSON.stringify(argument)", matching)
    expect(panel.get("isolated")).to_contain_text(f"{len(matching)} of {len(ids)}")
    alpha = np.array(panel.state["panels"][STUDENT]["colors"]).reshape(-1, 4)[:, 3]
    assert np.flatnonzero(alpha > 0).tolist() == matching
    expect(count).to_have_attribute("data-count", str(len(matching)))  # who is hidden is not found

    # Escape: the sheet, then what hides samples, then the selection.
    panel.page.keyboard.press("Escape")
    expect(panel.get("select-sheet")).to_be_hidden()
    assert panel.state["isolated"] == matching
    panel.press("Escape")
    panel.wait_for("s.isolated === null")
    assert selected(panel) == matching
    panel.press("Escape")
    panel.wait_for("s.selected.length === 0")


def test_ready_made_sets_values_and_moves_are_those_of_the_logs(panel: PanelPage, demo: tuple[Path, str]) -> None:
    logs = demo[0]
    reader = RunReader(logs / "distilled")
    labels = np.asarray(reader.probe.labels)
    step = panel.state["steps"][2]
    panel.press("Home")
    panel.press("ArrowRight")
    panel.press("ArrowRight")
    panel.wait_for("s.step === argument", step)
    panel.wait_until_drawn()
    teacher = predictions(logs, "distilled", "teacher", step)
    student = predictions(logs, "distilled", "student", step)
    baseline = predictions(logs, "baseline", "baseline", step)
    sets = {
        "student-wrong-teacher-right": (student != labels) & (teacher == labels),
        "baseline-wrong-student-right": (baseline != labels) & (student == labels),
        "baseline-right-student-wrong": (baseline == labels) & (student != labels),
        "disagree": (teacher != student) | (teacher != baseline),
        "all-wrong": (teacher != labels) & (student != labels) & (baseline != labels),
    }
    panel.page.keyboard.press("Control+f")
    for key, members in sets.items():
        row = panel.frame.locator(f"[data-testid=ready-made][data-key={key}]")
        expect(row).to_have_attribute("data-count", str(int(members.sum())))
        row.hover()
        row.click()
        panel.wait_for("JSON.stringify(s.selected) === JSON.stringify(argument)", np.flatnonzero(members).tolist())

    panel.get("tab-values").check(force=True)
    panel.get("value-column").select_option("label")
    panel.frame.locator("[data-testid=value][data-key='7']").click()
    panel.frame.locator("[data-testid=value][data-key='2']").click(modifiers=["Shift"])
    panel.wait_for("s.selected.length === argument", int(np.isin(labels, (2, 7)).sum()))

    panel.page.keyboard.press("Escape")
    panel.get("legend-entry").nth(4).click(modifiers=["Shift"])
    panel.wait_for("s.selected.length === argument", int(np.isin(labels, (2, 4, 7)).sum()))
    panel.get("select").click()

    # A brush over the upper part of the confidences; then its lower end by keyboard.
    panel.get("value-column").select_option("confidence")
    panel.get("value-row").select_option(label="student")
    confidence = np.asarray(reader.outputs("student", step)["confidence"], dtype=np.float64)
    box = panel.get("brush").bounding_box()
    assert box is not None
    x, y = box["x"], box["y"] + 40
    panel.page.mouse.move(x + 0.05 * box["width"], y)
    panel.page.mouse.down()
    panel.page.mouse.move(x + box["width"] * 0.9, y, steps=4)
    panel.page.mouse.up()
    for key in (None, "ArrowRight", "PageUp"):
        before = panel.get("brush-range").get_attribute("data-low")
        if key is not None:
            panel.get("brush-low").press(key)
            expect(panel.get("brush-range")).not_to_have_attribute("data-low", before or "")
        low, high = (float(panel.get("brush-range").get_attribute(f"data-{end}") or 0) for end in ("low", "high"))
        members = np.flatnonzero((confidence >= low) & (confidence <= high))
        expect(panel.get("select-found")).to_have_attribute("data-count", str(len(members)))
    least, span = confidence.min(), np.ptp(confidence)  # the axis is theirs: they fill little of 0 to 1 so early
    assert 0.14 < (low - least) / span < 0.18
    assert 10 < len(members) < len(labels) - 10
    assert 0.88 < (high - least) / span < 0.92
    both = set(members.tolist()) & set(selected(panel))
    panel.get("found-intersect").click()
    panel.wait_for("JSON.stringify(s.selected) === JSON.stringify(argument)", sorted(both))
    panel.get("select-found").click()
    panel.wait_for("JSON.stringify(s.selected) === JSON.stringify(argument)", members.tolist())

    panel.get("tab-moved").check(force=True)
    panel.get("moved-panel").select_option(label=f"student · {LAYERS[1]}")
    first, last = panel.state["steps"][0], step
    panel.get("moved-from").select_option(str(first))
    panel.get("moved-to").select_option(str(last))
    panel.get("moved-count").fill("30")
    expect(panel.get("select-found")).to_have_attribute("data-count", "30")
    panel.get("select-found").click()
    panel.wait_for("s.selected.length === 30")
    nearest = [near(reader.embedding("student", LAYERS[1], at)) for at in (first, last)]
    change = np.array([15 - len({*a} & {*b}) for a, b in zip(*nearest, strict=True)])
    # One neighbour more or less: equal distances in half precision.
    assert np.abs(np.sort(change[selected(panel)]) - np.sort(change)[-30:]).max() <= 1

    now = panel.positions(STUDENT + 1)
    panel.get("moved-by-map").check(force=True)
    panel.get("moved-text").get_by_text("radii").wait_for()
    panel.get("select-found").click()
    farthest = selected(panel)
    panel.page.keyboard.press("Escape")
    panel.press("Home")
    panel.wait_until_drawn()
    moved = np.linalg.norm(panel.positions(STUDENT + 1) - now, axis=1)
    assert set(farthest) == set(np.argsort(-moved)[:30].tolist())


def near(embedding: np.ndarray) -> list[list[int]]:
    """The 15 nearest of each sample."""
    X = embedding.astype(np.float64)
    distances = np.linalg.norm(X[:, None] - X[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    found: list[list[int]] = np.argsort(distances, axis=1)[:, :15].tolist()
    return found


def test_selections_are_kept_by_name_and_samples_are_saved_as_files(panel: PanelPage, demo: tuple[Path, str]) -> None:
    panel.get("select").click()
    panel.get("find").fill("label:4")
    panel.get("find").press("Enter")
    fours = selected(panel)
    assert len(fours) > 50
    panel.get("find").fill("")
    panel.get("tab-saved").check(force=True)
    panel.get("save-name").fill('fours, "all"')
    panel.get("save").click()
    panel.get("rename-saved").click()
    panel.get("rename").fill("the fours")
    panel.get("rename").press("Enter")
    expect(panel.get("saved")).to_have_attribute("data-key", "the fours")
    panel.get("select-none").click()
    panel.wait_for("s.selected.length === 0")

    panel.reload()
    panel.wait_until_drawn()
    panel.get("select").click()
    panel.get("tab-saved").check(force=True)
    panel.get("saved").click()
    panel.wait_for("JSON.stringify(s.selected) === JSON.stringify(argument)", fours)

    panel.get("tab-export").check(force=True)
    expect(panel.get("export-missing")).to_have_count(0)
    with panel.page.expect_download() as download:
        panel.get("export-csv").click()
    step = panel.state["step"]
    assert download.value.suggested_filename == f"kd_projector_distilled+baseline_step-{step}_{len(fours)}-samples.csv"
    with Path(download.value.path()).open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [int(line["sample"]) for line in lines] == fours
    reader = RunReader(demo[0] / "distilled")
    assert [line["id"] for line in lines] == [reader.probe.ids[i] for i in fours]
    assert {line["label"] for line in lines} == {"4"}
    for name in ("prediction", "confidence", "entropy", "loss"):
        column = np.array([float(line[f"{name}[distilled/student@{step}]"]) for line in lines])
        np.testing.assert_allclose(column, reader.outputs("student", step)[name][fours], rtol=1e-6)
    shown = panel.state["panels"][STUDENT]
    frame = FrameStore(demo[0] / "distilled").get(shown["frame"])
    assert frame is not None
    reference = "distilled/teacher/embedding@0"
    of = f"[distilled/student/{LAYERS[0]}@{step}; tsne readout; reference {reference}]"
    found = np.array([[float(line[f"{name}{of}"]) for name in ("x", "y", "kept")] for line in lines])
    np.testing.assert_allclose(found[:, :2], frame.coordinates[fours], atol=1e-6)
    np.testing.assert_allclose(found[:, 2], frame.kept[fours], rtol=1e-6)

    panel.get("export-all").check()
    with panel.page.expect_download() as download:
        panel.get("export-json").click()
    content = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert (content["step"], content["method"], content["mode"]) == (step, "tsne", "readout")
    assert len(content["samples"]["id"]) == len(reader.probe.ids)
    assert np.flatnonzero(content["samples"]["selected"]).tolist() == fours
    (student,) = [one for one in content["maps"] if (one["model"], one["layer"]) == ("student", LAYERS[0])]
    np.testing.assert_allclose(np.transpose([student["x"], student["y"]]), frame.coordinates, atol=1e-6)
    np.testing.assert_allclose(student["changed"], frame.changed, rtol=1e-6)

    panel.get("tab-saved").check(force=True)
    panel.get("delete-saved").click()
    expect(panel.get("saved")).to_have_count(0)
