"""Linear probe: how well a linear classifier, fitted to half of the samples, tells the classes of the other half."""

from __future__ import annotations

import torch
from torch import Tensor

from kd_projector.measures.inputs import as_double, integer_labels
from kd_projector.measures.logistic_regression import fit_logistic_regression


def linear_probe_accuracy(X: Tensor, labels: Tensor, seed: int = 0) -> float:
    """Share of the samples of one half whose class a linear classifier tells that was fitted to the other half.

        (1 / N') sum_i [ argmax_c (w_c . z_i + b_c) = label of i ]   over the half that is scored

    W and b: multinomial logistic regression with the penalty |W|^2 / 2, fitted to convergence; z: the columns of X,
    each less its mean and over its standard deviation in the half that is fitted (constant columns: 0). The halves are
    those of `halves`: the same for each layer, model, step and device. X: (N, D); labels: (N,) integers.

    Range [0, 1]; higher means that classes are easier to tell apart by planes; chance is about the share of the largest
    class. A few hundred samples decide, so its standard error is about sqrt(p (1 - p) / N'). Invariant to translation,
    to the scale of each column, to renaming of classes; not to rotation, as columns are standardised. Another order of
    the samples makes other halves. Undefined (nan) where fewer than two classes have two samples (a class of one cannot
    be in both halves and takes no part), and where the fit has not converged in 1,000 steps.
    Cost: N D min(N, D) + N min(N, D) C multiplications for each of some tens of steps.
    Source: Alain & Bengio, "Understanding intermediate layers using linear classifier probes", 2016; the same value as
    sklearn's make_pipeline(StandardScaler(), LogisticRegression(C=1)), converged, on the same halves.
    """
    X = as_double(X)
    labels = integer_labels(labels, X)
    fitted, scored = halves(labels, seed)
    names, codes = torch.unique(labels[fitted], return_inverse=True)
    if len(names) < 2:
        return float("nan")
    # Relative to one sample of the fitted half, so that what is constant there becomes exactly 0.
    X = X - X[fitted[0]]
    Z = X[fitted]
    mean = Z.mean(dim=0)
    deviation = Z.std(dim=0, correction=0)
    deviation = torch.where(deviation > 0, deviation, 1.0)
    classifier = fit_logistic_regression((Z - mean) / deviation, codes, len(names))
    if not classifier.converged:
        return float("nan")
    predicted = names[classifier.predict((X[scored] - mean) / deviation)]
    return float((predicted == labels[scored]).double().mean())


def halves(labels: Tensor, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Indices (int64, ascending, on the labels' device) of the samples to fit and of those to score, class by class.

    labels: (N,) int64. Half of each class, drawn by `seed`, is fitted, one more where its number is odd; classes of one
    sample are in neither. The draw is made on the CPU and does not depend on what the classes are called.
    """
    drawn = torch.randperm(len(labels), generator=torch.Generator("cpu").manual_seed(seed), device="cpu")
    _, codes, sizes = torch.unique(labels.cpu(), return_inverse=True, return_counts=True)
    by_class = drawn[codes[drawn].argsort(stable=True)]
    own = sizes[codes[by_class]]
    place = torch.arange(len(labels), device="cpu") - (sizes.cumsum(0) - sizes)[codes[by_class]]
    fitted = by_class[(own > 1) & (2 * place < own)]
    scored = by_class[2 * place >= own]
    return fitted.sort().values.to(labels.device), scored.sort().values.to(labels.device)
