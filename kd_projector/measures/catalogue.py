"""What each measure is called and means, for the panel. Imports no torch: TensorBoard's own process reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Scope = Literal["layer", "pair", "output"]


@dataclass(frozen=True)
class Measure:
    """One measure as the panel shows it.

    name: as in the store and in scalars' tags; label: as on the screen.
    scope: of one `layer`, of a `pair` (a layer against a layer of another model), or of the model's `output`.
    higher_is_better: None where neither direction is.
    range: its least and greatest value, None where unbounded.
    text: one sentence that says what it means, and which direction is what.
    """

    name: str
    label: str
    scope: Scope
    higher_is_better: bool | None
    range: tuple[float | None, float | None]
    text: str


_MEASURES = (
    Measure(
        name="knn_accuracy",
        label="kNN accuracy",
        scope="layer",
        higher_is_better=True,
        range=(0.0, 1.0),
        text="Share of samples whose 10 nearest neighbours in the embedding vote for their own class; higher means the "
        "classes are easier to tell apart.",
    ),
    Measure(
        name="silhouette",
        label="Silhouette",
        scope="layer",
        higher_is_better=True,
        range=(-1.0, 1.0),
        text="How much nearer samples lie to their own class than to the next one in the embedding; higher means more "
        "compact and better separated classes, below 0 that they overlap.",
    ),
    Measure(
        name="scatter_ratio",
        label="Scatter ratio (within / between)",
        scope="layer",
        higher_is_better=False,
        range=(0.0, None),
        text="Spread of the samples around their class's mean, relative to the spread of the class means; lower means "
        "more compact classes, 0 that each class is a single point.",
    ),
    Measure(
        name="linear_cka",
        label="Linear CKA",
        scope="pair",
        higher_is_better=None,
        range=(0.0, 1.0),
        text="How alike two layers arrange the samples, whatever their rotation and scale; higher means more alike, "
        "1 the same arrangement.",
    ),
    Measure(
        name="neighbour_overlap",
        label="10-NN overlap",
        scope="pair",
        higher_is_better=None,
        range=(0.0, 1.0),
        text="Share of a sample's 10 nearest neighbours that it has in both layers, on average; higher means that the "
        "two layers agree more on who is near whom.",
    ),
    Measure(
        name="accuracy",
        label="Accuracy",
        scope="output",
        higher_is_better=True,
        range=(0.0, 1.0),
        text="Share of the probe's samples that the model classifies correctly; higher is better.",
    ),
    Measure(
        name="top1_agreement",
        label="Top-1 agreement",
        scope="output",
        higher_is_better=True,
        range=(0.0, 1.0),
        text="Share of samples on which the model and the teacher predict the same class, right or wrong; higher means "
        "closer to the teacher.",
    ),
    Measure(
        name="kl_divergence",
        label="KL divergence to the teacher",
        scope="output",
        higher_is_better=False,
        range=(0.0, None),
        text="How far the model's predicted probabilities are from the teacher's, in nats (temperature 1); lower means "
        "closer to the teacher, 0 the same probabilities.",
    ),
)

CATALOGUE: Mapping[str, Measure] = MappingProxyType({measure.name: measure for measure in _MEASURES})
