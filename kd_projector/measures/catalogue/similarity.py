"""How alike a layer and a layer of another model arrange the same samples."""

from __future__ import annotations

from kd_projector.measures.catalogue.measure import Group, Measure

GROUP = Group(
    "similarity", "Similarity to the teacher", "How alike do a student's layer and a teacher's arrange the samples?"
)

MEASURES = (
    Measure(
        name="linear_cka",
        label="Linear CKA",
        group="similarity",
        scope="pair",
        higher_is_better=None,
        range=(0.0, 1.0),
        direction="Higher is more alike; 1: the same up to rotation and scale.",
        text="How alike two layers arrange the samples, whatever their rotation and scale.",
        default=True,
    ),
    Measure(
        name="unbiased_cka",
        label="Linear CKA, unbiased",
        group="similarity",
        scope="pair",
        higher_is_better=None,
        range=(-1.0, 1.0),
        direction="Higher is more alike; about 0: unrelated.",
        text="Linear CKA without its bias, which has unrelated layers look alike where they are wide and samples few.",
    ),
    Measure(
        name="rsa",
        label="RSA",
        group="similarity",
        scope="pair",
        higher_is_better=None,
        range=(-1.0, 1.0),
        direction="Higher is more alike; about 0: unrelated.",
        text="Rank correlation of the distances between all pairs of samples in the one layer with those in the other.",
    ),
    Measure(
        name="procrustes_disparity",
        label="Procrustes disparity",
        group="similarity",
        scope="pair",
        higher_is_better=None,
        range=(0.0, 1.0),
        direction="Lower is more alike; 0: the same up to rotation and scale.",
        text="What is left of the difference of two layers after the best rotation and scaling of one onto the other.",
        low_is_alike=True,
    ),
    Measure(
        name="neighbour_overlap",
        label="10-NN overlap",
        group="similarity",
        scope="pair",
        higher_is_better=None,
        range=(0.0, 1.0),
        direction="Higher agrees more on who is near whom.",
        text="Share of a sample's 10 nearest neighbours that it has in both layers, on average; "
        "samples with a tie for the tenth place are left out.",
        default=True,
    ),
    Measure(
        name="mutual_knn",
        label="Mutual 10-NN (cosine)",
        group="similarity",
        scope="pair",
        higher_is_better=None,
        range=(0.0, 1.0),
        direction="Higher agrees more on who points the same way.",
        text="Share of a sample's 10 nearest neighbours by cosine similarity that it has in both layers, on average; "
        "samples with a tie for the tenth place are left out.",
    ),
)
