"""Choosing samples: with the pointer on the maps, and by the sheet Select; on the demo's runs."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from kd_projector.demo.network import LAYERS
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
