"""The measures that other packages have too, as those compute them on the CPU: for their time and their value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from kd_projector.measures.linear_probe import halves


@dataclass(frozen=True)
class Samples:
    """What all measures are given: a layer X and another Y (N, D), labels (N,), logits and a teacher's (N, C)."""

    X: Tensor
    Y: Tensor
    labels: Tensor
    logits: Tensor
    teacher_logits: Tensor


@dataclass(frozen=True)
class Peer:
    """`measure` of the samples as numpy or torch tensors on the CPU, by `package`."""

    package: str
    measure: Callable[[Samples], float]


def peers() -> Mapping[str, Peer]:
    """By our measure's name. Imports the packages, which takes seconds."""
    import skdim
    from scipy.spatial import procrustes
    from scipy.spatial.distance import pdist
    from scipy.special import rel_entr
    from scipy.stats import spearmanr
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
    from sklearn.metrics.pairwise import cosine_similarity
    from sklearn.neighbors import NearestNeighbors
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from torchmetrics.functional import kl_divergence
    from torchmetrics.functional.classification import multiclass_accuracy, multiclass_calibration_error
    from torchmetrics.functional.regression import jensen_shannon_divergence

    def neighbours(X: Tensor, metric: str = "euclidean") -> np.ndarray:
        found = NearestNeighbors(n_neighbors=10, algorithm="brute", metric=metric).fit(X.double().numpy())
        return np.asarray(found.kneighbors(return_distance=False))

    def knn_accuracy(s: Samples) -> float:
        votes = s.labels.numpy()[neighbours(s.X)]
        voted = np.array([np.bincount(row).argmax() for row in votes])
        return float((voted == s.labels.numpy()).mean())

    def overlap(s: Samples, metric: str = "euclidean") -> float:
        mine, theirs = neighbours(s.X, metric), neighbours(s.Y, metric)
        return float((mine[:, :, None] == theirs[:, None, :]).any(axis=2).mean())

    def linear_probe(s: Samples) -> float:
        fitted, scored = halves(s.labels)
        X, labels = s.X.double().numpy(), s.labels.numpy()
        classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        return float(classifier.fit(X[fitted], labels[fitted]).score(X[scored], labels[scored]))

    def rsa(s: Samples) -> float:
        return float(spearmanr(pdist(s.X.double().numpy()), pdist(s.Y.double().numpy())).statistic)

    def anisotropy(s: Samples) -> float:
        cosines = cosine_similarity(s.X.double().numpy())
        n = len(cosines)
        return float((cosines.sum() - np.trace(cosines)) / (n * (n - 1)))

    def softmax(logits: Tensor) -> Tensor:
        return torch.softmax(logits.double(), dim=1)

    def reverse_kl(s: Samples) -> float:
        return float(rel_entr(softmax(s.logits).numpy(), softmax(s.teacher_logits).numpy()).sum(axis=1).mean())

    return {
        "knn_accuracy": Peer("scikit-learn", knn_accuracy),
        "linear_probe_accuracy": Peer("scikit-learn", linear_probe),
        "silhouette": Peer("scikit-learn", lambda s: silhouette_score(s.X.double().numpy(), s.labels.numpy())),
        "calinski_harabasz": Peer(
            "scikit-learn", lambda s: calinski_harabasz_score(s.X.double().numpy(), s.labels.numpy())
        ),
        "davies_bouldin": Peer("scikit-learn", lambda s: davies_bouldin_score(s.X.double().numpy(), s.labels.numpy())),
        "intrinsic_dimension": Peer(
            "scikit-dimension", lambda s: skdim.id.TwoNN().fit(s.X.double().numpy()).dimension_
        ),
        "anisotropy": Peer("scikit-learn", anisotropy),
        "rsa": Peer("scipy", rsa),
        "procrustes_disparity": Peer("scipy", lambda s: procrustes(s.X.double().numpy(), s.Y.double().numpy())[2]),
        "neighbour_overlap": Peer("scikit-learn", overlap),
        "mutual_knn": Peer("scikit-learn", lambda s: overlap(s, "cosine")),
        "accuracy": Peer(
            "torchmetrics",
            lambda s: float(multiclass_accuracy(s.logits, s.labels, s.logits.shape[1], average="micro")),
        ),
        "expected_calibration_error": Peer(
            "torchmetrics", lambda s: float(multiclass_calibration_error(s.logits, s.labels, s.logits.shape[1]))
        ),
        "kl_divergence": Peer(
            "torchmetrics", lambda s: float(kl_divergence(softmax(s.teacher_logits), softmax(s.logits)))
        ),
        "reverse_kl_divergence": Peer("scipy", reverse_kl),
        "js_divergence": Peer(
            "torchmetrics", lambda s: float(jensen_shannon_divergence(softmax(s.teacher_logits), softmax(s.logits)))
        ),
    }
