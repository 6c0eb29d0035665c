"""Where a probe's samples come from: a map-style dataset or a DataLoader, read without disturbing any random state."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, default_collate

from kd_projector.errors import UsageError
from kd_projector.probe import Probe
from kd_projector.probing.randomness import preserved_randomness

_LABEL_KEYS = ("labels", "label", "targets", "target")


def from_dataset(
    dataset: Any,
    size: int = 2000,
    seed: int = 0,
    class_names: Sequence[str] | None = None,
    collate_fn: Callable[[list[Any]], Any] | None = None,
) -> Probe:
    """`size` samples of a map-style dataset (all, if it has fewer), chosen by `seed` and kept in the dataset's order.

    A sample is `(input, label)`, an input alone, or a dict of tensors in which `label` or `labels` is the label; of any
    other, `collate_fn` makes `(inputs, labels)` from a list of samples. Ids are the dataset's indices. Random
    augmentation draws from generators seeded with `seed`, so that the probe is the same in every run.
    """
    if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
        raise UsageError(
            f"{type(dataset).__name__} has no length or no indices: give a map-style dataset, or use Probe.from_loader."
        )
    _require_size(size)
    indices = sorted(random.Random(seed).sample(range(len(dataset)), min(size, len(dataset))))
    if not indices:
        raise UsageError("The dataset is empty: a probe needs at least one sample.")
    with preserved_randomness(seed=seed):
        samples = [dataset[index] for index in indices]
        batch = collate_fn(samples) if collate_fn is not None else _collated(samples)
    inputs, labels = _split(batch)
    return Probe(inputs, labels, ids=indices, class_names=class_names or _class_names_of(dataset))


def from_loader(
    loader: DataLoader[Any], size: int = 2000, seed: int = 0, class_names: Sequence[str] | None = None
) -> Probe:
    """The first `size` samples that `loader` yields. A shuffling loader draws from generators seeded with `seed`."""
    _require_size(size)
    parts: list[tuple[Any, Any]] = []
    count = 0
    with preserved_randomness(seed=seed), _preserved_generator(getattr(loader, "generator", None), seed):
        for batch in loader:
            parts.append(_split(batch))
            count += Probe(*parts[-1]).size
            if count >= size:
                break
    if not parts:
        raise UsageError("The loader yields nothing: a probe needs at least one sample.")
    inputs = _concatenate([inputs for inputs, _ in parts], size)
    labels = None if parts[0][1] is None else _concatenate([torch.as_tensor(labels) for _, labels in parts], size)
    return Probe(inputs, labels, class_names=class_names or _class_names_of(getattr(loader, "dataset", None)))


def _collated(samples: list[Any]) -> Any:
    try:
        return default_collate(samples)
    except (TypeError, RuntimeError) as error:  # images without a transform, or of different sizes
        raise UsageError(
            f"The dataset's samples cannot be put into one batch ({error}): give it a transform that makes tensors of "
            f"one size, as for the training, or a collate_fn."
        ) from error


def _require_size(size: int) -> None:
    if size < 1:
        raise UsageError(f"A probe of {size} samples is empty: give a size of at least 1.")


@contextmanager
def _preserved_generator(generator: torch.Generator | None, seed: int) -> Iterator[None]:
    if generator is None:
        yield
        return
    state = generator.get_state()
    try:
        generator.manual_seed(seed)
        yield
    finally:
        generator.set_state(state)


def _split(batch: Any) -> tuple[Any, Any]:
    """Inputs and labels of a collated batch."""
    if isinstance(batch, Tensor):
        return batch, None
    if isinstance(batch, Mapping):
        label_key = next((key for key in _LABEL_KEYS if key in batch), None)
        inputs = {key: value for key, value in batch.items() if key != label_key}
        return inputs, None if label_key is None else batch[label_key]
    if isinstance(batch, (tuple, list)) and len(batch) == 1:
        return batch[0], None
    if isinstance(batch, (tuple, list)) and len(batch) == 2:
        return batch[0], batch[1]
    length = f" of length {len(batch)}" if isinstance(batch, (tuple, list)) else ""
    raise UsageError(
        f"Cannot tell inputs from labels in a {type(batch).__name__}{length}: give a collate_fn that "
        f"returns (inputs, labels)."
    )


def _concatenate(parts: Sequence[Any], size: int) -> Any:
    if isinstance(parts[0], Tensor):
        return torch.cat(list(parts))[:size]
    if isinstance(parts[0], Mapping):
        return {key: _concatenate([part[key] for part in parts], size) for key in parts[0]}
    return tuple(_concatenate(column, size) for column in zip(*parts, strict=True))


def _class_names_of(dataset: Any) -> Sequence[str] | None:
    """`dataset.classes`, as torchvision's datasets have it, also through a Subset."""
    while dataset is not None:
        if (names := getattr(dataset, "classes", None)) is not None:
            return [str(name) for name in names]
        dataset = getattr(dataset, "dataset", None)
    return None
