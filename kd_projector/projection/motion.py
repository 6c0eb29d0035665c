"""What moved between two frames of one layer, and whether the motion on the map tells what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kd_projector.errors import UsageError
from kd_projector.store.frames import Frame


@dataclass(frozen=True)
class Motion:
    """displacement: (N,) float32, how far each sample moved, in RMS radii of the later map.

    fidelity: the rank correlation (Spearman) of the displacements with the samples' true change of neighbourhood,
    -1..1, more is better; None where either does not vary, or the later frame does not know the step before.
    """

    displacement: np.ndarray
    fidelity: float | None

    @property
    def mean_displacement(self) -> float:
        return float(self.displacement.mean(dtype=np.float64))


def motion_between(before: Frame, now: Frame) -> Motion:
    """The motion from the frame of the logged step `before` to that of the step `now`, of one layer of one model.

    Raises UsageError if they are maps of different samples or laid onto different references: then a displacement
    would say nothing.
    """
    if before.coordinates.shape != now.coordinates.shape:
        raise UsageError(
            f"The frames have shapes {before.coordinates.shape} and {now.coordinates.shape}; give two of one layer."
        )
    one, other = ((frame.method, frame.mode, frame.reference) for frame in (before, now))
    if one != other or now.reference is None:
        raise UsageError(
            f"The frames are {one} and {other} (method, mode, reference map); give two by one method in one mode on "
            f"one reference map."
        )
    centred = now.coordinates - now.coordinates.mean(axis=0, dtype=np.float64)
    radius = float(np.sqrt(np.mean(np.sum(centred**2, axis=1))))
    moved = np.linalg.norm(now.coordinates.astype(np.float64) - before.coordinates, axis=1)
    displacement = (moved / (radius or 1.0)).astype(np.float32)
    return Motion(displacement, None if now.changed is None else rank_correlation(displacement, now.changed))


def rank_correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    """Spearman's rank correlation of two columns (N,), ties sharing their mean rank; None if either is constant."""
    first, second = _ranks(x), _ranks(y)
    if first.std() == 0 or second.std() == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    # Here rather than from scipy.stats, whose import takes a second, and this runs where frames are shown.
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[group], dtype=np.float64)
