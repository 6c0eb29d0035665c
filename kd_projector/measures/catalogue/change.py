"""How a layer differs from itself at another step: when does it settle?"""

from __future__ import annotations

from kd_projector.measures.catalogue.measure import Group, Measure

GROUP = Group(
    "change",
    "Change over steps",
    "How far is the layer from what it was, and from what it becomes: when does it settle?",
)

MEASURES = (
    Measure(
        name="neighbour_overlap_previous",
        label="10-NN overlap with the step before",
        group="change",
        scope="change",
        higher_is_better=None,
        range=(0.0, 1.0),
        direction="Higher has changed less since the logged step before.",
        text="Share of a sample's 10 nearest neighbours that were so at the logged step before, on average; "
        "samples with a tie for the tenth place are left out.",
        default=True,
    ),
    Measure(
        name="linear_cka_previous",
        label="Linear CKA with the step before",
        group="change",
        scope="change",
        higher_is_better=None,
        range=(0.0, 1.0),
        direction="Higher has changed less since the logged step before.",
        text="How alike the layer arranges the samples now and at the logged step before.",
    ),
    Measure(
        name="neighbour_overlap_last",
        label="10-NN overlap with the last step",
        group="change",
        scope="change",
        higher_is_better=None,
        range=(0.0, 1.0),
        direction="Higher is nearer to what the layer becomes.",
        text="Share of a sample's 10 nearest neighbours that are so at the last logged step too, on average; "
        "samples with a tie for the tenth place are left out.",
        while_training=False,
    ),
    Measure(
        name="linear_cka_last",
        label="Linear CKA with the last step",
        group="change",
        scope="change",
        higher_is_better=None,
        range=(0.0, 1.0),
        direction="Higher is nearer to what the layer becomes.",
        text="How alike the layer arranges the samples now and at the last logged step.",
        while_training=False,
    ),
)
