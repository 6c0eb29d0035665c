"""The panel in a browser, as its benchmark sees it: when pictures are drawn, and what the page's main thread works."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.panel_page import PanelPage

_HERE = Path(__file__).parent
_PICTURES = (_HERE / "panel_pictures.js").read_text()
_BARE_RENDERER = (_HERE / "bare_renderer.js").read_text()
VIEWPORT = {"width": 1280, "height": 800}
_REST_MS = 900  # longer than the points' way from step to step, and whatever follows it


@contextmanager
def watched_context(browser: Browser) -> Iterator[BrowserContext]:
    """A context of its own, so with an empty cache; each of its pages notes its pictures (panel_pictures.js)."""
    context = browser.new_context(viewport=VIEWPORT)
    context.add_init_script(_PICTURES)
    yield context
    context.close()


@dataclass(frozen=True)
class FirstPaint:
    """Seconds until all maps were on screen: since the navigation to TensorBoard's page, since our frame's start."""

    page: float
    frame: float


def open_panel(
    context: BrowserContext, address: str, maps: int, patience_s: float = 120
) -> tuple[PanelPage, FirstPaint]:
    """Open our tab and wait until `maps` maps are on screen in one picture."""
    panel = PanelPage(context.new_page(), address)
    found = panel.frame.wait_for_function(
        "(maps) => window.__pictures.find((one) => one.maps >= maps && one.shown !== null)?.shown",
        arg=maps,
        timeout=1000 * patience_s,
    )
    shown = float(found.json_value())
    starts = [where.evaluate("() => performance.timeOrigin") for where in (panel.page, panel.frame)]
    return panel, FirstPaint(*((shown - start) / 1000 for start in starts))


class MainThread:
    """What a page's main thread works, in milliseconds of CPU time: scripts, and all of its tasks."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent(self) -> tuple[float, float]:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        by_name = {one["name"]: 1000 * one["value"] for one in metrics}
        return by_name["ScriptDuration"], by_name["TaskDuration"]


def at_rest(page: Page) -> None:
    """Wait without a look at the page: a look would be work of its main thread."""
    page.wait_for_timeout(_REST_MS)


def frame_times(panel: PanelPage, began: int) -> list[float]:
    """Milliseconds between the pictures drawn since picture number `began`, one to the next."""
    drawn: list[float] = panel.frame.evaluate(
        "(began) => window.__pictures.slice(began).map((one) => one.drawn)", began
    )
    return _between(drawn)


def pictures(panel: PanelPage) -> int:
    count: int = panel.frame.evaluate("() => window.__pictures.length")
    return count


def bare_frame_times(browser: Browser, panel: PanelPage, seconds: float) -> list[float]:
    """Frame times of the bare renderer with the very points, rectangles and size of points that `panel` shows."""
    state: dict[str, Any] = panel.state
    box = panel.get("canvas").bounding_box()
    assert box is not None
    maps = [{"rect": one["rect"], "to": one["positions"]} for one in state["panels"]]
    for number, one in enumerate(maps):  # each starts from where another map's samples are
        one["from"] = maps[(number + 1) % len(maps)]["to"]
    with watched_context(browser) as context:
        page = context.new_page()
        page.goto("data:text/html,<!doctype html><body style='margin:0'>")
        page.evaluate(
            _BARE_RENDERER,
            {
                "width": round(box["width"]),
                "height": round(box["height"]),
                "panels": maps,
                "diameter": state["pointSize"],
                "seconds": seconds,
            },
        )
        drawn: list[float] = page.evaluate("() => window.__pictures.map((one) => one.drawn)")
    return _between(drawn)


def _between(drawn: Sequence[float]) -> list[float]:
    return [after - before for before, after in pairwise(drawn)]


def embedding_projector_tsne(
    context: BrowserContext, address: str, iterations: int, patience_s: float
) -> tuple[float, int]:
    """Open TensorBoard's Embedding Projector and, as soon as its data are there, start its t-SNE in two dimensions.

    Seconds since the navigation until it has done `iterations` (it goes on until it is stopped) or patience ends, and
    how many it has done by then.
    """
    began, page = time.monotonic(), context.new_page()
    page.set_default_timeout(1000 * patience_s)
    page.goto(f"{address}/#projector")
    projector = page.frame_locator("iframe").first.frame_locator("iframe")  # its page has a page of its own within
    projector.locator("#pca-tab.active").wait_for()  # it shows a PCA first
    projector.locator("vz-projector-projections-panel").evaluate("(panel) => { panel.tSNEis3d = false; }")
    projector.locator("#tsne-tab").click()
    reached = 0
    while reached < iterations and time.monotonic() - began < patience_s:
        page.wait_for_timeout(250)
        reached = int(projector.locator(".run-tsne-iter").text_content() or 0)
    return time.monotonic() - began, reached
