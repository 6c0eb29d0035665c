"""Multinomial logistic regression with an L2 penalty, fitted to convergence in float64 on any device.

Our own: scikit-learn's runs on the CPU only, and torch.optim's L-BFGS, an optimizer like any other, would run the hooks
that a user has registered for the training's.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

TOLERANCE = 1e-3  # the length of the gradient, and so (the penalty's curvature is 1) how far weights are from the best
MOST_STEPS = 1000
_MEMORY = 20  # steps that L-BFGS remembers
_ROUNDING = 64 * torch.finfo(torch.float64).eps  # of the loss, relative
_REFRESH = 10  # steps after which the diagonal of the Hessian is worked out again


@dataclass(frozen=True, eq=False)
class LinearClassifier:
    """weights (C, D), biases (C,); `gradient_norm`: of the penalised loss, in both, where the fit stopped."""

    weights: Tensor
    biases: Tensor
    gradient_norm: float
    steps: int

    @property
    def converged(self) -> bool:
        return self.gradient_norm <= TOLERANCE

    def predict(self, X: Tensor) -> Tensor:
        """(N,) int64: the class of each row of X (N, D)."""
        return torch.addmm(self.biases, X, self.weights.T).argmax(dim=1)


def fit_logistic_regression(X: Tensor, codes: Tensor, classes: int) -> LinearClassifier:
    """The classifier with the least penalised cross-entropy of its softmax.

        sum_i (logsumexp_c z_ic - z_i,y(i)) + |W|_F^2 / 2,   z_i = W x_i + b      (for two classes: + |W|_F^2)

    X: (N, D) float64, centred; codes: (N,) int64, the class of each row, 0 … classes - 1. The biases are not penalised.
    The same as sklearn.linear_model.LogisticRegression(C=1), which has one weight vector for two classes, w = w_1 -
    w_0: with w_1 = -w_0 the penalty |w|^2 / 2 is twice that of W. Deterministic: starts at 0, no random choice.

    By L-BFGS in the principal axes of X (a rotation, of which the penalty takes no notice), started at each step from
    the diagonal of the Hessian, which there is most of it. Cost: N D min(N, D) for the axes, 6 N min(N, D) C
    multiplications a step, some tens of steps.
    """
    axes = _principal_axes(X)
    loss = _PenalisedLoss.of(X @ axes, codes, classes)
    parameters = torch.zeros(classes, axes.shape[1] + 1, dtype=torch.float64, device=X.device)
    value, gradient, probabilities = loss.at(parameters)
    memory: list[tuple[Tensor, Tensor, Tensor]] = []  # steps, changes of the gradient, and 1 / their product
    steps = 0
    while float(torch.linalg.vector_norm(gradient)) > TOLERANCE and steps < MOST_STEPS:
        if steps % _REFRESH == 0:
            curvature = loss.curvature(probabilities)
        direction = -_inverse_hessian_times(gradient, memory, curvature)
        slope, length = float((gradient * direction).sum()), 1.0
        while True:
            candidate = parameters + length * direction
            new_value, new_gradient, probabilities = loss.at(candidate)
            # Enough descent, as far as rounding of the loss lets it be seen: near the end only the gradient shows it.
            if new_value <= value + 1e-4 * length * slope + _ROUNDING * abs(value) or length < 1e-10:
                break
            # The least of the parabola through what is known along the direction, within reason.
            parabola = -slope * length**2 / (2 * (new_value - value - slope * length))
            length = min(max(parabola, length / 10), length / 2)
        change = new_gradient - gradient
        step = candidate - parameters
        product = (step * change).sum()
        if product > 0:
            memory = [*memory[1 - _MEMORY :], (step, change, 1 / product)]
        parameters, value, gradient = candidate, new_value, new_gradient
        steps += 1
    weights, biases = parameters[:, :-1] @ axes.T, parameters[:, -1]
    return LinearClassifier(weights, biases, float(torch.linalg.vector_norm(gradient)), steps)


@dataclass(frozen=True, eq=False)
class _PenalisedLoss:
    """A: (N, r + 1), the samples in their axes and a column of 1; target: (N, C), 1 at each sample's class."""

    A: Tensor
    squares: Tensor
    target: Tensor
    penalty: Tensor  # (r + 1,)

    @staticmethod
    def of(A: Tensor, codes: Tensor, classes: int) -> _PenalisedLoss:
        A = torch.cat([A, A.new_ones(len(A), 1)], dim=1)
        target = A.new_zeros(len(A), classes).scatter_(1, codes[:, None], 1.0)
        penalty = A.new_full((A.shape[1],), 2.0 if classes == 2 else 1.0)
        penalty[-1] = 0.0
        return _PenalisedLoss(A, A.square(), target, penalty)

    def at(self, parameters: Tensor) -> tuple[float, Tensor, Tensor]:
        """The loss, its gradient (C, r + 1), and the probabilities (N, C)."""
        log_probabilities = torch.log_softmax(self.A @ parameters.T, dim=1)
        probabilities = log_probabilities.exp()
        shrunk = self.penalty * parameters
        value = (shrunk * parameters).sum() / 2 - (self.target * log_probabilities).sum()
        return float(value), (probabilities - self.target).T @ self.A + shrunk, probabilities

    def curvature(self, probabilities: Tensor) -> Tensor:
        """(C, r + 1): the diagonal of the Hessian."""
        return (probabilities * (1 - probabilities)).T @ self.squares + self.penalty + 1e-12


def _inverse_hessian_times(gradient: Tensor, memory: list[tuple[Tensor, Tensor, Tensor]], curvature: Tensor) -> Tensor:
    """L-BFGS's two loops, between them the diagonal of the Hessian."""
    shares = []
    for step, change, weight in reversed(memory):
        share = weight * (step * gradient).sum()
        gradient = gradient - share * change
        shares.append(share)
    result = gradient / curvature
    if memory:
        # The diagonal leaves out how parameters work together: as long as the last step showed to be right.
        _, change, weight = memory[-1]
        result = result / (weight * (change.square() / curvature).sum())
    for (step, change, weight), share in zip(memory, reversed(shares), strict=True):
        result = result + step * (share - weight * (change * result).sum())
    return result


def _principal_axes(X: Tensor) -> Tensor:
    """(D, min(N, D)): an orthonormal basis of X's rows in which X^T X is diagonal."""
    basis = torch.linalg.qr(X.T).Q if X.shape[1] > len(X) else None
    rows = X if basis is None else X @ basis
    axes: Tensor = torch.linalg.eigh(rows.T @ rows).eigenvectors
    return axes if basis is None else basis @ axes
