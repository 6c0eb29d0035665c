"""Thumbnails: sprite sheets (WebP) of the probe's images, small enough for a browser to hold at once."""

from __future__ import annotations

import io
import math

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from kd_projector.errors import UsageError
from kd_projector.store.schema import Thumbnails

MAX_SHEET = 4096  # pixels; the widest texture that every browser's WebGL takes
MIN_CELL = 32
MAX_CELL = 64
_QUANTILE = 0.005  # what falls outside is clipped: a few extreme pixels must not make all images grey
_QUANTILE_SAMPLE = 1_000_000
_BLOCK_VALUES = 2**23  # numbers scaled at a time: 32 MiB


def as_images(tensor: Tensor) -> Tensor | None:
    """`tensor` as images (N, C, H, W) with C 1 or 3, or None where it is not displayable."""
    if tensor.dim() != 4 or tensor.shape[1] not in (1, 3, 4) or tensor.is_complex() or 0 in tensor.shape:
        return None
    return tensor[:, :3] if tensor.shape[1] == 4 else tensor


def make_thumbnails(images: Tensor) -> Thumbnails:
    """Sprite sheets of `images` (N, C, H, W), C 1 or 3 (of 4 the first three are shown), uint8 or of any value range.

    Values that are neither bytes nor within 0..1 are scaled channel by channel so that the probe's 0.5% to 99.5%
    quantiles span the range, which undoes the usual normalisation. Cells are 32 to 64 pixels: smaller images are
    enlarged by a whole factor without smoothing, larger ones are averaged down.
    """
    shown = as_images(images)
    if shown is None:
        raise UsageError(
            f"Images of shape {tuple(images.shape)} cannot be shown as thumbnails: give (N, C, H, W) with "
            f"1, 3 or 4 channels."
        )
    low, high = _value_range(shown)
    count, _, rows, columns = shown.shape
    cell_rows, cell_columns, enlarged = _cell(rows, columns)
    per_row = min(math.ceil(math.sqrt(count)), MAX_SHEET // cell_columns)
    per_sheet = per_row * min(math.ceil(count / per_row), MAX_SHEET // cell_rows)
    sheets = []
    for start in range(0, count, per_sheet):
        cells = _cells(shown[start : start + per_sheet], low, high, (cell_rows, cell_columns), enlarged)
        sheets.append(_webp(_tile(cells, per_row), lossless=enlarged))
    return Thumbnails(sheets=tuple(sheets), width=cell_columns, height=cell_rows, columns=per_row, per_sheet=per_sheet)


def _cell(rows: int, columns: int) -> tuple[int, int, bool]:
    """Height and width of one cell, and whether images are enlarged to fill it."""
    longest = max(rows, columns)
    if longest < MIN_CELL:
        factor = math.ceil(MIN_CELL / longest)
        return rows * factor, columns * factor, True
    scale = min(1.0, MAX_CELL / longest)
    return max(1, round(rows * scale)), max(1, round(columns * scale)), False


def _value_range(images: Tensor) -> tuple[Tensor, Tensor]:
    """The values shown as black and as white, each (C, 1, 1)."""
    channels = images.shape[1]
    if images.dtype == torch.uint8:
        return torch.zeros(channels, 1, 1), torch.full((channels, 1, 1), 255.0)
    low, high = images.amin().float(), images.amax().float()
    if low >= 0 and high <= 1:
        return torch.zeros(channels, 1, 1), torch.ones(channels, 1, 1)
    stride = max(1, images.numel() // _QUANTILE_SAMPLE)
    sample = np.nan_to_num(_every(stride, images).float().numpy())
    limits = np.quantile(sample, [_QUANTILE, 1 - _QUANTILE], axis=1)
    return tuple(torch.tensor(limit, dtype=torch.float32).reshape(channels, 1, 1) for limit in limits)  # type: ignore[return-value]


def _every(stride: int, images: Tensor) -> Tensor:
    """(C, about N H W / stride): every `stride`-th pixel of `images` (N, C, H, W), without a copy of them all."""
    channels, pixels = images.shape[1], images.shape[2] * images.shape[3]
    index = torch.arange(0, len(images) * pixels, stride)
    return images.reshape(len(images), channels, pixels)[index // pixels, :, index % pixels].T


def _cells(images: Tensor, low: Tensor, high: Tensor, size: tuple[int, int], enlarged: bool) -> np.ndarray:
    """The cells of one sheet: (n, height, width, C) uint8."""
    # Few at a time: in float32, and several times over while they are scaled, a probe of photographs is gigabytes.
    parts = torch.split(images, max(1, _BLOCK_VALUES // images[0].numel()))
    return np.concatenate([_scaled_cells(part, low, high, size, enlarged) for part in parts])


def _scaled_cells(images: Tensor, low: Tensor, high: Tensor, size: tuple[int, int], enlarged: bool) -> np.ndarray:
    span = (high - low).clamp_min(torch.finfo(torch.float32).tiny)
    scaled = ((images.float().nan_to_num() - low) / span).clamp(0, 1)
    if enlarged:
        scaled = functional.interpolate(scaled, size=size, mode="nearest")
    elif tuple(scaled.shape[2:]) != size:
        scaled = functional.interpolate(scaled, size=size, mode="bilinear", antialias=True, align_corners=False)
    return np.asarray((scaled * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy())


def _tile(cells: np.ndarray, per_row: int) -> np.ndarray:
    """Cells (n, h, w, C) laid out row by row, `per_row` in a row: one image (rows * h, per_row * w, C)."""
    count, height, width, channels = cells.shape
    rows = math.ceil(count / per_row)
    grid = np.zeros((rows * per_row, height, width, channels), np.uint8)
    grid[:count] = cells
    grid = grid.reshape(rows, per_row, height, width, channels).transpose(0, 2, 1, 3, 4)
    return grid.reshape(rows * height, per_row * width, channels)


def _webp(sheet: np.ndarray, lossless: bool) -> bytes:
    image = Image.fromarray(sheet[:, :, 0] if sheet.shape[2] == 1 else sheet)
    file = io.BytesIO()
    # Enlarged pixels compress well and have hard edges, which a lossy coder would smear.
    image.convert("RGB").save(file, format="WEBP", lossless=lossless, quality=85)
    return file.getvalue()
