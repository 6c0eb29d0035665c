"""safetensors files with JSON metadata: written whole, read whole or by header alone, on any file system."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from kd_projector.errors import StoreError
from kd_projector.store.layout import RunFolder

_LENGTH_BYTES = 8
MAX_HEADER = 100_000_000  # safetensors' own limit: a damaged file's first bytes may say any length


def encode(arrays: Mapping[str, np.ndarray], metadata: Mapping[str, Any] | None = None) -> bytes:
    """The bytes of a safetensors file; each value of `metadata` is stored as JSON text."""
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    texts = {name: json.dumps(value, sort_keys=True) for name, value in (metadata or {}).items()}
    # Of no arrays and an empty metadata the library makes a file that it cannot read; of none it does not.
    return bytes(safetensors.numpy.save(contiguous, metadata=texts or None))


def decode(data: bytes, where: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays and metadata of a safetensors file. Raises StoreError, naming `where`, if it is damaged."""
    try:
        arrays = safetensors.numpy.load(data)
        length = int.from_bytes(data[:_LENGTH_BYTES], "little")
        return arrays, _metadata(data[_LENGTH_BYTES : _LENGTH_BYTES + length])
    except (SafetensorError, ValueError) as error:
        raise StoreError(f"{where} is damaged: {error}. Delete it; the rest of the run can still be read.") from error


def read_metadata(folder: RunFolder, path: str) -> dict[str, Any]:
    """The JSON metadata of a safetensors file, without reading its tensors."""
    length = int.from_bytes(folder.read(path, 0, _LENGTH_BYTES), "little")
    try:
        if length > MAX_HEADER:
            raise ValueError(f"a header of {length} bytes")
        return _metadata(folder.read(path, _LENGTH_BYTES, _LENGTH_BYTES + length))
    except ValueError as error:
        raise StoreError(f"{path} is damaged: {error}. Delete it; the rest of the run can still be read.") from error


def _metadata(header: bytes) -> dict[str, Any]:
    texts: dict[str, str] = json.loads(header).get("__metadata__") or {}
    return {name: json.loads(text) for name, text in texts.items()}


def half_precision(array: np.ndarray) -> np.ndarray:
    """`array` as float16, or as float32 where a finite value would overflow float16."""
    single = np.asarray(array, dtype=np.float32)
    with np.errstate(over="ignore"):
        half = single.astype(np.float16)
    overflowed = bool(np.any(np.isinf(half) & np.isfinite(single)))
    return single if overflowed else half


def digest(array: np.ndarray) -> str:
    """What identifies an embedding: 128 bits of the SHA-256 of its type, shape and bytes."""
    array = np.ascontiguousarray(array)
    content = hashlib.sha256(f"{array.dtype.str}{array.shape}".encode())
    content.update(array.data.cast("B") if array.size else b"")
    return content.hexdigest()[:32]
