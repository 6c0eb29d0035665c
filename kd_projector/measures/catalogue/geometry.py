"""The shape of one layer's embedding, whatever the classes."""

from __future__ import annotations

from kd_projector.measures.catalogue.measure import Group, Measure

GROUP = Group("geometry", "Geometry", "Of how many dimensions does the layer make use, and how are the samples spread?")

MEASURES = (
    Measure(
        name="effective_rank",
        label="Effective rank",
        group="geometry",
        scope="layer",
        higher_is_better=None,
        range=(1.0, None),
        direction="Higher uses more dimensions.",
        text="Number of dimensions that the embedding spreads over, from the entropy of its singular values.",
    ),
    Measure(
        name="participation_ratio",
        label="Participation ratio",
        group="geometry",
        scope="layer",
        higher_is_better=None,
        range=(1.0, None),
        direction="Higher uses more dimensions.",
        text="Number of dimensions that hold the embedding's variance, were it spread evenly over them.",
        default=True,
    ),
    Measure(
        name="intrinsic_dimension",
        label="Intrinsic dimension (TwoNN)",
        group="geometry",
        scope="layer",
        higher_is_better=None,
        range=(0.0, None),
        direction="Lower lies on a simpler surface.",
        text="Dimension of the curved surface on which the samples lie, from how far the two nearest neighbours are.",
        default=True,
    ),
    Measure(
        name="anisotropy",
        label="Anisotropy (mean cosine)",
        group="geometry",
        scope="layer",
        higher_is_better=None,
        range=(-1.0, 1.0),
        direction="Higher points in one direction; near 0 points in all.",
        text="Mean cosine similarity of two different samples, seen from the origin.",
        default=True,
    ),
    Measure(
        name="mean_norm",
        label="Mean norm",
        group="geometry",
        scope="layer",
        higher_is_better=None,
        range=(0.0, None),
        direction="Higher has larger activations.",
        text="Mean Euclidean length of the samples' embeddings.",
        default=True,
    ),
    Measure(
        name="norm_variation",
        label="Variation of norms",
        group="geometry",
        scope="layer",
        higher_is_better=None,
        range=(0.0, None),
        direction="Higher differs more in length from sample to sample.",
        text="Standard deviation of the samples' lengths, relative to their mean.",
    ),
)
