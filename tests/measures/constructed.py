"""Embeddings made for these tests, and hypothesis strategies that make them."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor


def blobs(n: int = 150, d: int = 12, classes: int = 4, spread: float = 1.5, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Overlapping Gaussian classes: (n, d) float32 and labels (n,), unequal in size."""
    generator = torch.Generator().manual_seed(seed)
    labels = (torch.rand(n, generator=generator) ** 2 * classes).long()
    centres = torch.randn(classes, d, generator=generator) * spread
    return torch.randn(n, d, generator=generator) + centres[labels], labels


def rotation(d: int, seed: int) -> Tensor:
    """A random orthogonal matrix (d, d) float64."""
    generator = torch.Generator().manual_seed(seed)
    return torch.linalg.qr(torch.randn(d, d, dtype=torch.float64, generator=generator)).Q


@st.composite
def whole_number_embeddings(draw: st.DrawFn, max_n: int = 40, max_d: int = 4) -> Tensor:
    """Small whole numbers, so with many duplicates and ties, and distances that are exact: (N, D) float32."""
    n, d = draw(st.integers(2, max_n)), draw(st.integers(1, max_d))
    seed, largest = draw(st.integers(0, 2**31)), draw(st.integers(0, 6))
    values = np.random.default_rng(seed).integers(-largest, largest + 1, size=(n, d))
    return torch.from_numpy(values.astype(np.float32))


@st.composite
def labelled_embeddings(draw: st.DrawFn, max_n: int = 60, max_d: int = 8) -> tuple[Tensor, Tensor]:
    """Gaussian rows (N, D) float64 without ties, and labels (N,) of at least two classes, one with two members."""
    n, d = draw(st.integers(4, max_n)), draw(st.integers(1, max_d))
    classes = draw(st.integers(2, min(5, n - 1)))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    labels = torch.cat([torch.arange(classes), torch.randint(classes, (n - classes,), generator=generator)])
    X = torch.randn(n, d, dtype=torch.float64, generator=generator)
    return X + torch.randn(classes, d, dtype=torch.float64, generator=generator)[labels], labels


@st.composite
def related_pairs(draw: st.DrawFn, fewest: int = 2) -> tuple[Tensor, Tensor]:
    """Two embeddings (N, D) and (N, E) float64, the one a linear map of the other with more or less noise; wider or
    narrower than there are samples, of which there are at least `fewest`."""
    n, d, e = draw(st.integers(fewest, 30)), draw(st.integers(1, 40)), draw(st.integers(1, 40))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    X = torch.randn(n, d, dtype=torch.float64, generator=generator)
    noise = torch.randn(n, e, dtype=torch.float64, generator=generator)
    return X, X @ torch.randn(d, e, dtype=torch.float64, generator=generator) + draw(st.floats(0, 9)) * noise
