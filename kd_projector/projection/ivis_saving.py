"""Fitted IVIS models on disk, without pickle: FOLDER/ivis.safetensors, tensors and (its metadata) one JSON object."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import Module

from kd_projector.errors import StoreError, UsageError
from kd_projector.projection.ivis_model import IvisModel
from kd_projector.projection.ivis_network import encoder_around, named_encoder

if TYPE_CHECKING:
    from kd_projector.projection.ivis import Ivis

FORMAT = 1
_FILE = "ivis.safetensors"
_NOT_SAVED = ("callbacks", "neighbour_matrix", "device")  # parameters of the fit or of this machine
_NOTES = ("loss_history_", "k_", "n_classes_", "n_features_in_", "_final_loss")  # what a fit tells, as JSON has it


class ModelExistsError(UsageError, FileExistsError):
    """There is a model in the folder already, and nobody said that it may be overwritten."""


def save(folder: str | os.PathLike[str], tensors: Mapping[str, Tensor], state: Any, *, overwrite: bool) -> None:
    """Write `tensors` and `state` (whatever JSON can hold) to `folder`, which is made if need be.

    The file appears whole or not at all. Raises ModelExistsError if there is one and `overwrite` is false.
    """
    target = Path(folder) / _FILE
    if target.exists() and not overwrite:
        raise ModelExistsError(f"{target} exists; say overwrite=True to replace it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{_FILE}.{os.getpid()}")
    metadata = {"ivis": json.dumps({"format": FORMAT, **state})}
    try:
        # Cloned, because weights that share their memory are refused.
        alone = {name: value.detach().cpu().clone().contiguous() for name, value in tensors.items()}
        save_file(alone, unfinished, metadata)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def load(folder: str | os.PathLike[str]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and state of the model in `folder`. Raises StoreError if there is none that can be read."""
    source = Path(folder) / _FILE
    if not source.is_file():
        raise StoreError(f"There is no IVIS model in {Path(folder)} (no file {_FILE}).")
    try:
        with safe_open(source, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # not a mapping
            state = json.loads((file.metadata() or {}).get("ivis", "null"))
    except (SafetensorError, OSError, ValueError) as error:
        raise StoreError(f"{source} cannot be read: {error}") from error
    if not isinstance(state, dict) or not isinstance(state.get("format"), int):
        raise StoreError(f"{source} is a safetensors file, but no IVIS model saved by kd_projector.")
    if state["format"] > FORMAT:
        raise StoreError(
            f"{source} has format {state['format']}, this kd_projector reads up to {FORMAT}; update kd_projector."
        )
    return tensors, state


def saved_state(ivis: Ivis) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and state of a fitted `ivis`, for `save`."""
    parameters = {name: value for name, value in ivis.get_params(deep=False).items() if name not in _NOT_SAVED}
    for name in ("model", "distance"):
        if not isinstance(parameters[name], str):
            parameters[name] = None  # the user's own
    if not isinstance(parameters["random_state"], (int, np.integer)):
        parameters["random_state"] = None
    fitted = vars(ivis)
    tensors = ivis._model.tensors()
    if "embedding_" in fitted:  # not yet while it trains
        tensors["embedding"] = torch.from_numpy(ivis.embedding_)
    names = {"feature_names_in_": fitted.get("feature_names_in_"), "classes_": fitted.get("classes_")}
    return tensors, {
        "parameters": {name: _plain(value) for name, value in parameters.items()},
        "fitted": {name: fitted[name] for name in _NOTES if name in fitted},
        "arrays": {name: value.tolist() for name, value in names.items() if value is not None},
        "model": ivis._model.numbers(),
    }


def restored_state(ivis: Ivis, folder: str | os.PathLike[str]) -> dict[str, Any]:
    """The attributes of the Ivis that was saved in `folder`; what is the user's own comes from `ivis`.

    Raises StoreError for what cannot be read, UsageError where a network or loss of the user's own is missing.
    """
    tensors, state = load(folder)
    known = ivis.get_params(deep=False)
    try:
        parameters, fitted, arrays, numbers = (state[part] for part in ("parameters", "fitted", "arrays", "model"))
        strange = [*(set(parameters) - set(known)), *(set(fitted) - set(_NOTES))]
    except (KeyError, TypeError) as error:
        raise StoreError(f"The IVIS model in {Path(folder)} is incomplete: {error} is missing.") from error
    if strange:
        raise StoreError(f"The IVIS model in {Path(folder)} has a parameter {strange[0]!r}, unknown to this version.")
    for name in ("model", "distance"):
        if parameters.get(name) is None:
            if isinstance(known[name], str):
                raise UsageError(
                    f"The IVIS model in {Path(folder)} was made with a {name} of its user's own: give it to the "
                    f"constructor, Ivis({name}=...), before loading."
                )
            parameters[name] = known[name]

    def build(dims: int) -> Module:
        generator = torch.Generator().manual_seed(0)
        if isinstance(parameters["model"], str):
            return named_encoder(parameters["model"], dims, numbers["embedding_dims"], generator)
        return encoder_around(parameters["model"], numbers["sample_shape"], numbers["embedding_dims"], generator)

    attributes = {**parameters, **fitted, "_model": IvisModel.restored(tensors, numbers, build)}
    if "embedding" in tensors:
        attributes["embedding_"] = tensors["embedding"].numpy()
    for name, values in arrays.items():
        attributes[name] = np.array(values, dtype=object if name == "feature_names_in_" else None)
    return attributes


def _plain(value: Any) -> Any:
    """`value` as JSON has it: numpy's numbers are not numbers there."""
    return value.item() if isinstance(value, np.generic) else value
