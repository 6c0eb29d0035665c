"""Which layers of a model to look at: named ones, checked, or its stages, found by how the model is built."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from torch import nn

from kd_projector.errors import UsageError

MAX_STAGES = 6  # beside what follows them; more columns than that fit no screen and repeat their neighbours
_GENERIC = (nn.Sequential, nn.ModuleList, nn.ModuleDict)


def resolve_layers(model: nn.Module, layers: Sequence[str], model_name: str) -> tuple[str, ...]:
    """`layers` as given, if each is a submodule of `model`. Raises UsageError with the closest names if one is not."""
    known = [name for name, _ in model.named_modules() if name]
    if not layers:
        raise UsageError(f'No layers given for model {model_name!r}: name some, or leave layers at "auto".')
    for layer in layers:
        if layer not in known:
            close = difflib.get_close_matches(str(layer), known, n=4, cutoff=0.5) or known[:8]
            raise UsageError(
                f"Model {model_name!r} has no layer {layer!r}. "
                f"{'Did you mean ' + ', '.join(map(repr, close)) + '?' if close else 'It has no submodules.'}"
            )
    repeated = sorted({layer for layer in layers if list(layers).count(layer) > 1})
    if repeated:
        raise UsageError(f"Layer {repeated[0]!r} of model {model_name!r} is named twice: name each once.")
    return tuple(layers)


def find_stages(model: nn.Module) -> tuple[str, ...]:
    """The names of the model's stages in depth order, at most 6, evenly thinned, and of what follows them (the head).

    A model of repeated blocks has as stages the containers of these blocks where there are several (a ResNet's layer1
    to layer4) and the blocks themselves where there is one (a transformer). Otherwise the top-level parts that have
    parameters are the stages; and in a plain chain of layers each weighted layer with what follows it (normalisation,
    activation, pooling) up to the next.
    """
    for stages in (_repeated_blocks(model), _top_level_parts(model)):
        tail = _tail(model, stages)
        if len(stages) + len(tail) >= 3:
            return (*_thin(stages, MAX_STAGES), *tail)
    return _thin(_weighted_layers(model), MAX_STAGES + 1)


def _repeated_blocks(model: nn.Module) -> list[str]:
    classes = [type(module) for module in model.modules() if _is_part(module) and not isinstance(module, _GENERIC)]
    repeated = {cls for cls in classes if classes.count(cls) > 1} - {type(model)}
    # For each class of block: the containers that hold such blocks, each with its blocks' names.
    found: dict[type, dict[str, list[str]]] = {}
    weights: dict[type, int] = {}

    def look_into(name: str, module: nn.Module) -> None:
        for child_name, child in module.named_children():
            path = f"{name}.{child_name}" if name else child_name
            if type(child) in repeated:
                found.setdefault(type(child), {}).setdefault(name, []).append(path)
                weights[type(child)] = weights.get(type(child), 0) + _parameter_count(child)
            else:
                look_into(path, child)

    look_into("", model)
    if not found:
        return []
    containers = found[max(weights, key=lambda cls: weights[cls])]
    if len(containers) == 1:
        return next(iter(containers.values()))
    # A ModuleList is never called itself: its last block stands for it.
    modules = dict(model.named_modules())
    return [
        blocks[-1] if not name or isinstance(modules[name], (nn.ModuleList, nn.ModuleDict)) else name
        for name, blocks in containers.items()
    ]


def _top_level_parts(model: nn.Module) -> list[str]:
    """The children that are made of layers themselves; of a wrapper around one such child, that child's."""
    prefix = ""
    while True:
        parts = [(f"{prefix}{name}", child) for name, child in model.named_children() if _is_part(child)]
        if len(parts) != 1:
            return [name for name, child in parts if not isinstance(child, (nn.ModuleList, nn.ModuleDict))]
        prefix, model = f"{parts[0][0]}.", parts[0][1]


def _weighted_layers(model: nn.Module) -> list[str]:
    """In a chain of layers: for each layer with a weight matrix, the last layer before the next such one.

    A chain's links are taken in the order in which they were registered, within one parent.
    """
    stages: list[tuple[str, str]] = []  # (parent, layer)
    for name, module in model.named_modules():
        if not name or any(True for _ in module.children()):
            continue
        parent = name.rpartition(".")[0]
        if any(parameter.dim() >= 2 for parameter in module.parameters(recurse=False)):
            stages.append((parent, name))
        elif stages and stages[-1][0] == parent and not isinstance(module, (nn.Dropout, nn.Flatten)):
            stages[-1] = (parent, name)
    return [name for _, name in stages] or [name for name, _ in model.named_children()]


def _tail(model: nn.Module, stages: Sequence[str]) -> list[str]:
    """What comes after all the stages and has a weight matrix, outermost modules, the last two: embedding and head."""
    names = [name for name, _ in model.named_modules()]
    if not stages:
        return []
    tail: list[str] = []
    for name, module in list(model.named_modules())[names.index(stages[-1]) + 1 :]:
        if name.startswith(f"{stages[-1]}.") or not any(p.dim() >= 2 for p in module.parameters(recurse=False)):
            continue
        parts = name.split(".")
        prefixes = [".".join(parts[: depth + 1]) for depth in range(len(parts))]
        outermost = next(p for p in prefixes if not any(stage == p or stage.startswith(f"{p}.") for stage in stages))
        if outermost not in tail:
            tail.append(outermost)
    return tail[-2:]


def _is_part(module: nn.Module) -> bool:
    """Made of other modules, and with parameters."""
    return any(True for _ in module.children()) and any(True for _ in module.parameters())


def _parameter_count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _thin(names: Sequence[str], count: int) -> tuple[str, ...]:
    """At most `count` of `names`, evenly spread, the last always among them."""
    if len(names) <= count:
        return tuple(names)
    return tuple(names[round((index + 1) * len(names) / count) - 1] for index in range(count))
