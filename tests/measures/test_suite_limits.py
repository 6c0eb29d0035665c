"""What the suite leaves out as undefined, what it refuses, and what it takes and leaves as it is."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import suite
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.suite import measure_change, measure_layers, measure_outputs, measure_pairs

from .constructed import blobs
from .values import ALL, DEFAULTS, PREVIOUS, names


def test_without_labels_there_is_only_what_needs_none(student: dict[str, Tensor]) -> None:
    logits = student["stage1"]
    assert names(measure_layers(student, None, ALL)) == set(suite.OF_LAYERS)
    assert names(measure_outputs(logits, None, {"t": logits}, ALL)) == {"confidence", *suite.OF_TWO_OUTPUTS}


def test_what_is_undefined_is_left_out() -> None:
    collapsed, labels = torch.full((30, 4), 0.1), torch.arange(30) % 3
    assert names(measure_layers({"dead": collapsed}, labels, ["knn_accuracy", "silhouette", "scatter_ratio"])) == {
        "knn_accuracy",
        "silhouette",
    }
    pairs = measure_pairs({"dead": collapsed}, {"alive": torch.randn(30, 4)}, "t", ALL)
    assert not pairs


def test_a_single_sample_breaks_nothing() -> None:
    X, label = torch.randn(1, 5), torch.tensor([2])
    values = [
        *measure_layers({"a": X}, label, ALL),
        *measure_pairs({"a": X}, {"b": X}, "t", ALL),
        *measure_change({"a": X}, {"a": X}, PREVIOUS),
        *measure_outputs(X, label, {"t": X}, ALL),
    ]
    assert all(math.isfinite(value.value) for value in values)
    assert "mean_norm" in names(values)


def test_outputs_that_cannot_be_compared_are_left_out() -> None:
    logits, labels = torch.randn(6, 4), torch.arange(6)
    assert names(measure_outputs(logits, labels, {"t": torch.randn(6, 9)}, ALL)) == {"confidence"}
    assert measure_outputs(logits[:, :1], torch.zeros(6, dtype=torch.long), {"t": logits[:, :1]}, ALL) == []


def test_a_diverged_layer_is_named_with_its_model(student: dict[str, Tensor], labels: Tensor) -> None:
    student["stage2"][7] = math.nan
    named = r"Layer 'stage2' of model 'small' .* NaN .* in 1 of 150 samples"
    with pytest.raises(UsageError, match=named):
        measure_layers(student, labels, DEFAULTS, "small")
    with pytest.raises(UsageError, match=named):
        measure_pairs({"stage1": student["stage1"]}, student, "small", DEFAULTS)
    with pytest.raises(UsageError, match=named):
        measure_change(student, student, PREVIOUS, "small")
    with pytest.raises(UsageError, match=r"The output of model 'small' .* in 1 of 150"):
        measure_outputs(student["stage2"], labels, {}, DEFAULTS, model="small")
    with pytest.raises(UsageError, match=r"The output of model 'big' .* in 1 of 150"):
        measure_outputs(torch.zeros(150, 20), labels, {"big": student["stage2"]}, DEFAULTS, model="small")


def test_layers_of_different_probes_are_refused(student: dict[str, Tensor]) -> None:
    with pytest.raises(UsageError, match="Layer 'stage1' and Layer 'layer1' of model 't' have 150 and 20 rows"):
        measure_pairs(student, {"layer1": torch.randn(20, 3)}, "t", DEFAULTS)
    with pytest.raises(UsageError, match="150 and 20 rows"):
        measure_change(student, {"fc": torch.randn(20, 3)}, PREVIOUS)


def test_a_name_that_there_is_not_is_refused(student: dict[str, Tensor]) -> None:
    with pytest.raises(UsageError, match="no measure called 'knn'"):
        measure_layers(student, None, ["knn"])


def test_tensors_of_an_inference_pass_in_half_precision_are_measured_on_a_thread_and_left_as_they_are(
    labels: Tensor,
) -> None:
    with torch.inference_mode():
        X = blobs()[0].half() * 1
    before = X.clone()
    with ThreadPoolExecutor(1) as pool:
        values = pool.submit(measure_layers, {"a": X}, labels, ALL).result()
        values += pool.submit(measure_pairs, {"a": X}, {"b": X}, "t", ALL).result()
        values += pool.submit(measure_change, {"a": X}, {"a": X}, PREVIOUS).result()
        values += pool.submit(measure_outputs, X, labels, {"t": X}, ALL).result()
    assert names(values) == set(CATALOGUE) - {"linear_cka_last", "neighbour_overlap_last"}
    assert torch.equal(X, before)
