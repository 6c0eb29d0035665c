"""Maps of three dimensions: turned all together, seen in perspective, and as much alive as those of two."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard

SVG = "{http://www.w3.org/2000/svg}"
DISTANCE = 12  # of the viewer: state/rotation.ts


def seen(coordinates: np.ndarray, rotation: dict[str, float]) -> np.ndarray:
    """(N, 2) of (N, 3): turned about y, then about x, then in perspective, written out again."""
    cos, sin = np.cos(rotation["yaw"]), np.sin(rotation["yaw"])
    about_y = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    cos, sin = np.cos(rotation["pitch"]), np.sin(rotation["pitch"])
    about_x = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    turned = coordinates.astype(np.float64) @ (about_x @ about_y).T
    return np.asarray(turned[:, :2] * DISTANCE / (DISTANCE - turned[:, 2:]))


def seen_depth(coordinates: np.ndarray, rotation: dict[str, float]) -> np.ndarray:
    """How far towards the viewer each sample lies, map units."""
    flat = coordinates.astype(np.float64)
    yaw, pitch = rotation["yaw"], rotation["pitch"]
    return np.asarray(
        np.sin(pitch) * flat[:, 1] + np.cos(pitch) * (np.cos(yaw) * flat[:, 2] - np.sin(yaw) * flat[:, 0])
    )


def stored(board: TensorBoard, state: dict[str, Any]) -> list[np.ndarray]:
    """The coordinates (N, 3) of all panels, as the server has them."""
    frames = [[panel["run"], panel["model"], panel["layer"], panel["step"]] for panel in state["panels"]]
    request = {"method": "pca", "frames": frames, "dimensions": 3}
    arrays, _ = board.arrays("frames", request=request)
    return [arrays[f"coordinates/{i}"] for i in range(len(frames))]


def require_seen(panel: PanelPage, board: TensorBoard) -> None:
    """Every panel draws its samples where the map is seen, as it is turned now."""
    state = panel.state
    for shown, coordinates in zip(state["panels"], stored(board, state), strict=True):
        positions = np.asarray(shown["positions"]).reshape(-1, 2)
        np.testing.assert_allclose(positions, seen(coordinates, state["rotation"]), atol=1e-4)


def require_depth_in_picture(panel: PanelPage, board: TensorBoard) -> None:
    """A picture of them says how they are turned, and its points are the larger and the fuller the nearer they are."""
    state = panel.state
    panel.get("picture").click()
    expect(panel.get("save-svg")).to_be_enabled()
    with panel.page.expect_download() as download:
        panel.get("save-svg").click()
    panel.page.keyboard.press("Escape")
    root = ElementTree.parse(download.value.path()).getroot()
    said = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert "· 3-D, turned -29°, tilted 20°" in said
    assert "smaller and paler" in said
    circles = next(group for group in root.iter(f"{SVG}g") if group.get("class") == "points").findall(f"{SVG}circle")
    points = [[float(one.get(name, 1)) for name in ("cx", "cy", "r", "fill-opacity")] for one in circles]
    x, y, radius, alpha = np.asarray(points).T
    assert np.all(np.diff(radius) >= -0.02)  # the far ones first
    assert radius[-1] > 1.5 * radius[0]
    assert alpha[-1] > 1.5 * alpha[0]
    positions = np.asarray(state["panels"][0]["positions"]).reshape(-1, 2)
    coordinates = stored(board, state)[0]
    away = seen_depth(coordinates, state["rotation"])
    # The same places, in another order and on another scale.
    drawn = np.column_stack((x - x.mean(), y.mean() - y)) / x.std() * positions[:, 0].std()
    own = positions - positions.mean(axis=0)
    nearest = np.linalg.norm(drawn[:, None] - own[None], axis=2).argmin(axis=1)
    assert np.corrcoef(away[nearest], radius)[0, 1] > 0.9


def drag(panel: PanelPage, map_index: int, by: tuple[int, int]) -> None:
    box = panel.get("map").nth(map_index).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    panel.page.mouse.move(x, y)
    panel.page.mouse.down()
    panel.page.mouse.move(x + by[0] / 2, y + by[1] / 2)
    panel.page.mouse.move(x + by[0], y + by[1])
    panel.page.mouse.up()


def test_maps_of_three_dimensions_are_turned_together_and_work_as_those_of_two(
    panel: PanelPage, board: TensorBoard
) -> None:
    panel.get("method-pca").check()
    panel.wait_for("s.method === 'pca'")
    panel.wait_until_drawn()
    flat = panel.positions(1)
    expect(panel.get("axes-mark")).to_have_count(0)

    panel.get("dimensions-3").check()
    panel.wait_for("s.dimensions === 3")
    panel.wait_until_drawn()
    require_seen(panel, board)
    expect(panel.get("axes-mark")).to_be_visible()
    expect(panel.get("reset-view")).to_be_disabled()

    at_first = panel.state
    require_depth_in_picture(panel, board)
    drag(panel, 2, (60, -25))
    panel.wait_for("s.rotation.yaw !== argument", at_first["rotation"]["yaw"])
    now = panel.state
    assert now["rotation"]["yaw"] - at_first["rotation"]["yaw"] == pytest.approx(60 * 0.008, abs=0.01)
    assert now["rotation"]["pitch"] - at_first["rotation"]["pitch"] == pytest.approx(-25 * 0.008, abs=0.01)
    assert now["camera"] == at_first["camera"]
    require_seen(panel, board)
    assert float(panel.get("axes-mark").get_attribute("data-yaw") or "nan") == now["rotation"]["yaw"]

    panel.page.keyboard.down("Control")
    drag(panel, 0, (20, 10))
    panel.page.keyboard.up("Control")
    panel.wait_for("s.camera.x !== argument", now["camera"]["x"])
    assert panel.state["rotation"] == now["rotation"]

    # What is pointed at, and what a rectangle encloses, is what is seen.
    sample = panel.lonely_sample(1)
    places = panel.places(1)
    at = places[sample]
    panel.page.mouse.move(*at)
    panel.wait_for("s.hovered === argument", sample)
    panel.wait_for("s.panels[1].lines.some(layer => layer.segments.length > 0)")  # to its true neighbours
    for layer in panel.state["panels"][1]["lines"]:
        segments = np.asarray(layer["segments"]).reshape(-1, 2, 2)
        np.testing.assert_allclose(segments[:, 0], np.broadcast_to(panel.positions(1)[sample], (len(segments), 2)))
    panel.get("tool-rectangle").check()
    panel.page.mouse.move(*(at - 30))
    panel.page.mouse.down()
    panel.page.mouse.move(*(at + 15))
    panel.page.mouse.move(*(at + 30))
    panel.page.mouse.up()
    panel.wait_for("s.selected.length > 0")
    reach = np.abs(places - at).max(axis=1)
    selected = set(panel.state["selected"])
    assert (
        set(np.flatnonzero(reach < 29)) <= selected <= set(np.flatnonzero(reach < 31))
    )  # a pointer's place is rounded
    panel.get("tool-pan").check()

    # Another step: on the way there, and then there.
    panel.press("ArrowLeft")
    panel.wait_for("s.step !== argument", now["step"])
    panel.wait_until_drawn()
    require_seen(panel, board)

    before = panel.state["rotation"]
    panel.frame.locator("body").press("Shift+ArrowRight")
    panel.wait_for("s.rotation.yaw > argument + 0.1", before["yaw"])
    assert panel.state["rotation"]["pitch"] == before["pitch"]
    panel.get("reset-view").click()
    panel.wait_for("s.rotation.yaw === argument", at_first["rotation"]["yaw"])
    assert panel.state["rotation"] == at_first["rotation"]
    assert panel.state["camera"] == at_first["camera"]

    panel.press("End")
    panel.get("dimensions-2").check()
    panel.wait_for("s.dimensions === 2")
    panel.wait_until_drawn()
    np.testing.assert_array_equal(panel.positions(1), flat)
