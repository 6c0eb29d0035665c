"""How the classes lie in one layer."""

from __future__ import annotations

from kd_projector.measures.catalogue.measure import Group, Measure

GROUP = Group(
    "class_structure", "Class structure", "How well does the layer tell the classes apart, how compact are they?"
)

MEASURES = (
    Measure(
        name="knn_accuracy",
        label="kNN accuracy",
        group="class_structure",
        scope="layer",
        higher_is_better=True,
        range=(0.0, 1.0),
        direction="Higher tells the classes apart better.",
        text="Share of samples whose 10 nearest neighbours in the embedding vote for their own class.",
        needs_labels=True,
        default=True,
    ),
    Measure(
        name="linear_probe_accuracy",
        label="Linear probe accuracy",
        group="class_structure",
        scope="layer",
        higher_is_better=True,
        range=(0.0, 1.0),
        direction="Higher tells the classes apart better by planes.",
        text="Share of held-out samples that a linear classifier, fitted to the other half of the probe, gets right.",
        needs_labels=True,
    ),
    Measure(
        name="silhouette",
        label="Silhouette",
        group="class_structure",
        scope="layer",
        higher_is_better=True,
        range=(-1.0, 1.0),
        direction="Higher is more compact and better separated; below 0 classes overlap.",
        text="How much nearer samples lie to their own class than to the next one in the embedding.",
        needs_labels=True,
        default=True,
    ),
    Measure(
        name="calinski_harabasz",
        label="Calinski-Harabasz index",
        group="class_structure",
        scope="layer",
        higher_is_better=True,
        range=(0.0, None),
        direction="Higher is more compact.",
        text="Spread of the class means over the spread within the classes, each by its degrees of freedom.",
        needs_labels=True,
    ),
    Measure(
        name="davies_bouldin",
        label="Davies-Bouldin index",
        group="class_structure",
        scope="layer",
        higher_is_better=False,
        range=(0.0, None),
        direction="Lower is more compact.",
        text="How large a class is beside its distance to the class that it is most easily confused with, on average.",
        needs_labels=True,
    ),
    Measure(
        name="scatter_ratio",
        label="Scatter ratio (within / between)",
        group="class_structure",
        scope="layer",
        higher_is_better=False,
        range=(0.0, None),
        direction="Lower is more compact; 0: each class is one point.",
        text="Spread of the samples around their class's mean, relative to the spread of the class means.",
        needs_labels=True,
        default=True,
    ),
    Measure(
        name="nc1",
        label="Neural collapse NC1",
        group="class_structure",
        scope="layer",
        higher_is_better=False,
        range=(0.0, None),
        direction="Lower is more collapsed; 0: each class is one point.",
        text="Scatter within the classes as seen in the directions in which the class means differ (NC1).",
        needs_labels=True,
    ),
    Measure(
        name="nc2",
        label="Neural collapse NC2",
        group="class_structure",
        scope="layer",
        higher_is_better=False,
        range=(0.0, 1.4142135623730951),
        direction="Lower is more collapsed; 0: the class means are all equally far from each other.",
        text="How far the class means are from lying at equal distances and angles around their centre (NC2).",
        needs_labels=True,
    ),
)
