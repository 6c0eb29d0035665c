"""What the views of measures are to show: what /measures says, as the panel writes it."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard

ROWS = (("distilled", "teacher"), ("distilled", "student"), ("baseline", "baseline"))


def fetch_measures(board: TensorBoard, run: str) -> Mapping[str, Any]:
    """What /measures says of a run."""
    query = urllib.parse.urlencode({"run": run})
    with urllib.request.urlopen(f"{board.address}/data/plugin/kd_projector/measures?{query}") as answer:
        measures: Mapping[str, Any] = json.load(answer)
    return measures


def column(board: TensorBoard, run: str, model: str, measure: str, layer: str | None) -> list[float | None]:
    """One series of one layer (or of the outputs) that is compared with nobody."""
    (series,) = [
        one["values"]
        for one in fetch_measures(board, run)[model]["series"]
        if (one["measure"], one["layer"], one["other_layer"]) == (measure, layer, None)
    ]
    values: list[float | None] = series
    return values


def three_digits(value: float | None) -> str:
    """As the panel writes a value."""
    if value is None:
        return "\u2013"
    size = abs(value)
    return f"{value:.0f}" if size >= 1000 else f"{value:.1f}" if size >= 10 else f"{value:.{2 if size >= 1 else 3}f}"


def show(panel: PanelPage, view: str) -> None:
    panel.get(f"view-{view}").check(force=True)
    panel.wait_for("s.view === argument", view)
