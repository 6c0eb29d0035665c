"""PanelPage: the panel in a browser, as a test sees it."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import ConsoleMessage, Frame, Locator, Page

# The first is said by TensorBoard's own page of its own bundle.
_HARMLESS = (
    "Multiple instances of Three.js",
    "GPU stall due to ReadPixels",  # software WebGL, when a screenshot is taken
)
_HALF_EXTENT = 2.4  # map units from a panel's middle to its nearer edge at scale 1: drawing/renderer.ts
PATIENCE_MS = 120_000  # a frame that has to be computed first, on a machine that is busy with the other tests


class PanelPage:
    """Opens `address` at our tab, or at a link's `hash`; `state` is the panel's own snapshot of itself."""

    def __init__(self, page: Page, address: str, hash: str = "#kd_projector", first_visit: bool = False) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        if not first_visit:  # as one who has seen the hints
            page.add_init_script("try { localStorage.setItem('kd_projector.hints', 'seen') } catch {}")
        page.goto(f"{address}/{hash}")
        self.frame = self._our_frame()

    def _our_frame(self) -> Frame:
        handle = self.page.wait_for_selector("iframe[src*='kd_projector'], iframe", state="visible")
        assert handle is not None
        frame = handle.content_frame()
        assert frame is not None
        frame.wait_for_selector("[data-testid=app]")
        return frame

    def reload(self) -> None:
        self.page.reload()
        self.frame = self._our_frame()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(known in message.text for known in _HARMLESS):
            self.complaints.append(f"{message.type}: {message.text}")

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.frame.evaluate("() => window.__kd_projector")
        return state

    def read(self, expression: str) -> Any:
        """A JavaScript expression of the snapshot `s`: far less to fetch than all of it, which is all maps' samples."""
        return self.frame.evaluate(f"() => {{ const s = window.__kd_projector; return {expression}; }}")

    def get(self, testid: str) -> Locator:
        return self.frame.get_by_test_id(testid)

    def wait_for(self, condition: str, argument: Any = None) -> None:
        """Wait until `condition`, a JavaScript expression of the snapshot `s` and `argument`, holds."""
        self.frame.wait_for_function(
            f"(argument) => {{ const s = window.__kd_projector; return {condition}; }}", arg=argument
        )

    def wait_until_drawn(self) -> None:
        """Every panel shows the map that it is to show, and nothing moves."""
        self.wait_for("s && s.panels.length > 0 && s.pending === 0 && s.mix === 1 && s.panels.every(p => p.current)")

    def positions(self, panel: int) -> np.ndarray:
        """(N, 2) map coordinates of a panel just now."""
        return np.asarray(self.read(f"s.panels[{panel}].positions"), dtype=np.float64).reshape(-1, 2)

    def places(self, panel: int) -> np.ndarray:
        """(N, 2): where each sample is drawn, CSS pixels of the window: the cameras' transform, written out again."""
        camera = self.read("s.camera")
        box = self.get("panel").nth(panel).get_by_test_id("map").bounding_box()
        assert box is not None
        scale = camera["scale"] * min(box["width"], box["height"]) / (2 * _HALF_EXTENT)
        middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
        return middle + (self.positions(panel) - [camera["x"], camera["y"]]) * [scale, -scale]

    def lonely_sample(self, panel: int) -> int:
        """The sample of a panel that lies farthest from all others, and within the inner part: easy to point at."""
        positions = self.positions(panel)
        distances = np.linalg.norm(positions[:, None] - positions[None], axis=2)
        np.fill_diagonal(distances, np.inf)
        inside = np.abs(positions).max(axis=1) < 0.8 * _HALF_EXTENT / self.read("s.camera.scale")
        return int(np.argmax(np.where(inside, distances.min(axis=1), -1)))

    def color_by(self, column: str) -> None:
        """Choose the column of that key, as a user does."""
        self.get("color-by").click()
        self.frame.locator(f"[data-testid=color-choice][data-key='{column}']").check()
        self.page.keyboard.press("Escape")
        self.wait_for("s.colorBy === argument", column)

    def press(self, key: str) -> None:
        """A key, with the step slider in focus."""
        self.get("step-slider").press(key)
