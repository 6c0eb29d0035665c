"""The figures: each measure against relative depth, method by method; and all early-layer gains with intervals."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter
from PIL import Image

from .distillation import METHODS
from .evidence import LAYER_MEASURES, TEACHER, Evidence
from .networks import Architecture
from .settings import BASELINE, BUDGET_LABELS
from .statistics import estimate
from .verdict import EARLY_UP_TO, Judgement

# Okabe & Ito's palette: told apart by all kinds of colour vision, and in grey by lightness.
STUDENT, BASE, GUIDE, INK, FAINT = "#0072B2", "#D55E00", "#6b6b6b", "#222222", "#b8b8b8"
FEW, ALL = "#882255", "#2a9d8f"  # budgets, which must not be taken for student and baseline; after Tol's palette
LABELS = {
    "silhouette": "Silhouette",
    "scatter_ratio": "Scatter ratio (within / between)",
    "knn_accuracy": "kNN accuracy",
}
SHORT = {"silhouette": "silhouette", "scatter_ratio": "scatter ratio", "knn_accuracy": "kNN accuracy"}
GAINS = {
    "silhouette": "Gain in silhouette\nmore compact →",
    "scatter_ratio": "Gain in ln scatter ratio\nmore compact →",
    "knn_accuracy": "Gain in kNN accuracy\nmore accurate →",
}
_STYLE: Any = {
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "text.color": INK,
    "legend.frameon": False,
}


@dataclass(frozen=True)
class Drawn:
    """File names in the folder of figures: forests by measure set, depth pictures by (budget, measure)."""

    forest: str
    by_depth: dict[tuple[str, str], str]


def draw_all(folder: Path, evidence: Evidence, judgements: Sequence[Judgement]) -> Drawn:
    with matplotlib.rc_context(_STYLE):
        by_depth = {}
        for budget in evidence.budgets:
            for measure in LAYER_MEASURES:
                name = f"depth_{measure}_{budget}.png"
                _save(_by_depth(evidence, budget, measure), folder / name)
                by_depth[budget, measure] = name
        _save(_forest(evidence, judgements, LAYER_MEASURES), folder / "early_layers.png")
    return Drawn("early_layers.png", by_depth)


def _save(figure: Figure, path: Path) -> None:
    """With a palette in place of 24 bits: a third of the size, and nobody sees it."""
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=130, facecolor="white")
    Image.open(drawn).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def _by_depth(evidence: Evidence, budget: str, measure: str) -> Figure:
    """The paper's picture, rows are students, columns are methods."""
    rows, columns = len(evidence.students), len(evidence.methods)
    wide = columns >= 4  # enough for the legend beside the title
    figure = Figure(
        figsize=(max(1.75 * columns + 0.8, 4.5), 1.45 * rows + (1.0 if wide else 1.4)), layout="constrained"
    )
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axes_of_row, student in zip(panels, evidence.students, strict=True):
        for axes, method in zip(axes_of_row, evidence.methods, strict=True):
            axes.axvspan(0, EARLY_UP_TO, color="#f2f2f2", zorder=0, linewidth=0)
            _curve(axes, evidence, evidence.teacher, TEACHER, "full", measure, GUIDE, "--", "")
            _curve(axes, evidence, student, BASELINE, budget, measure, BASE, "-", "s")
            _curve(axes, evidence, student, method, budget, measure, STUDENT, "-", "o")
            axes.set_xlim(0, 1.04)
            axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
            if measure != "scatter_ratio":
                axes.yaxis.set_major_locator(MaxNLocator(4))
            else:
                axes.set_yscale("log")
                axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
                axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
                axes.yaxis.set_minor_formatter(NullFormatter())
        axes_of_row[0].set_ylabel(described(student))
    if measure == "knn_accuracy":
        panels[0, 0].set_ylim(top=1.03)  # what few seeds' intervals reach beyond 1 says nothing
    for axes, method in zip(panels[0], evidence.methods, strict=True):
        axes.set_title(METHODS[method].label)
    better = (
        "lower is more compact"
        if measure == "scatter_ratio"
        else ("higher tells classes apart better" if measure == "knn_accuracy" else "higher is more compact")
    )
    title = f"{LABELS[measure]} by depth, {BUDGET_LABELS[budget]}{' ' if wide else chr(10)}({better})"
    figure.suptitle(title, fontsize=9.5, x=0.01, ha="left")
    told = f"relative depth of the layer; earlier layers shaded; bands: 95% (seeds: {evidence.asked_seeds})"
    handles = [
        Line2D([], [], color=STUDENT, marker="o", markersize=3, label="student (distilled)"),
        Line2D([], [], color=BASE, marker="s", markersize=3, label="baseline (not distilled)"),
        Line2D([], [], color=GUIDE, linestyle="--", label="teacher"),
    ]
    if wide:
        figure.supxlabel(told, fontsize=8)
        figure.legend(handles=handles, loc="outside upper right", ncols=3, fontsize=7.5)
    else:
        below = {"title": told, "title_fontsize": 7.5, "columnspacing": 1.2}
        figure.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=7.5, **below)
    return figure


def _curve(
    axes: Axes,
    evidence: Evidence,
    network: Architecture,
    method: str,
    budget: str,
    measure: str,
    colour: str,
    line: str,
    marker: str,
) -> None:
    """The mean over seeds, and its 95% interval as a band; of logarithms where the axis is logarithmic."""
    seeds = evidence.seeds(network.name, method, budget)
    logarithmic = measure == "scatter_ratio"
    values = np.array(
        [[evidence.value(network.name, method, budget, s, layer, measure) for s in seeds] for layer in network.layers]
    )
    if logarithmic:
        values = np.log(np.where(values > 0, values, np.nan))
    estimates = [estimate(list(of_layer)) for of_layer in values]
    means, lows, highs = (np.array([getattr(e, part) for e in estimates]) for part in ("mean", "low", "high"))
    if logarithmic:
        means, lows, highs = np.exp(means), np.exp(lows), np.exp(highs)
    depths = [network.relative_depth(layer) for layer in network.layers]
    axes.fill_between(depths, lows, highs, color=colour, alpha=0.18, linewidth=0)
    axes.plot(depths, means, line, color=colour, marker=marker, markersize=2.6, linewidth=1.2)


def _forest(evidence: Evidence, judgements: Sequence[Judgement], measures: Sequence[str]) -> Figure:
    """Gain over the earlier layers of every student and method, one panel a measure, one row a method and student."""
    rows = [(method, student) for method in evidence.methods for student in evidence.students]
    gap = 0.7  # between methods
    places = {
        (method, student.name): -(index + gap * (index // len(evidence.students)))
        for index, (method, student) in enumerate(rows)
    }
    offsets = {
        budget: (0.18 - 0.36 * i if len(evidence.budgets) > 1 else 0.0) for i, budget in enumerate(evidence.budgets)
    }
    colours = {"limited": FEW, "full": ALL}
    markers = {"limited": "o", "full": "s"}
    figure = Figure(figsize=(8.2, 0.19 * (len(rows) + gap * len(evidence.methods)) + 1.3), layout="constrained")
    panels = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
    for axes, measure in zip(panels, measures, strict=True):
        axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
        for judgement in judgements:
            if judgement.measure != measure or judgement.zone != "early":
                continue
            y = places[judgement.method, judgement.student] + offsets[judgement.budget]
            colour = colours[judgement.budget]
            if judgement.gain.has_interval:
                axes.plot([judgement.gain.low, judgement.gain.high], [y, y], color=colour, linewidth=1.1, zorder=2)
            decided = judgement.call != "not decided"
            axes.plot(
                judgement.gain.mean,
                y,
                markers[judgement.budget],
                color=colour,
                markersize=3.8,
                markeredgewidth=1,
                markerfacecolor=colour if decided else "white",
                zorder=3,
            )
        axes.set_xlabel(GAINS[measure])
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.grid(axis="x", color="#ececec", linewidth=0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_axisbelow(True)
    panels[0].set_ylim(min(places.values()) - 0.6, 0.9)
    panels[0].set_yticks([places[method, s.name] for method, s in rows], [described(s) for _, s in rows])
    for method in evidence.methods:
        top = places[method, evidence.students[0].name]
        for axes in panels[1:]:
            axes.axhline(top + 0.5 + gap / 2, color="#dddddd", linewidth=0.6)
        panels[0].axhline(top + 0.5 + gap / 2, color="#dddddd", linewidth=0.6, xmin=-1.05, clip_on=False)
        middle = np.mean([places[method, s.name] for s in evidence.students])
        panels[0].annotate(
            _in_two_lines(METHODS[method].label),
            (0, middle),
            xycoords=("axes fraction", "data"),
            xytext=(-146, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            fontsize=8,
            fontweight="bold",
        )
    handles = [
        Line2D([], [], color=colours[b], marker=markers[b], markersize=4, linewidth=1.1, label=BUDGET_LABELS[b])
        for b in evidence.budgets
    ]
    handles.append(
        Line2D(
            [],
            [],
            color=INK,
            marker="o",
            markerfacecolor="white",
            markersize=4,
            linestyle="",
            label="interval includes 0",
        )
    )
    title = f"Earlier layers: student against baseline, 95% intervals (seeds: {evidence.asked_seeds})"
    figure.suptitle(title, fontsize=9.5, x=0.01, ha="left")
    figure.legend(handles=handles, loc="outside upper right", ncols=len(handles), fontsize=7.5)
    return figure


def _in_two_lines(label: str) -> str:
    cut = label.replace(" (", "\n(") if "(" in label else label.replace(" ", "\n", 1)
    return cut if "\n" in cut else cut.replace("-", "-\n", 1)


def described(student: Architecture) -> str:
    """ "3 blocks, 8 wide", or a ResNet's name."""
    return f"{student.depth} blocks, {student.width} wide" if student.name.startswith("d") else student.name
