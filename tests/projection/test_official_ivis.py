"""The ivis package, really run, in its own process."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from kd_projector.errors import KDProjectorError, UsageError
from kd_projector.projection import OfficialIvis, methods, project_frame
from tests.projection.handwriting import digits, label_accuracies

PIXELS, LABELS = (array[:300] for array in digits())


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "find_spec", lambda name: None)
    for ask in (lambda: OfficialIvis().fit(PIXELS), lambda: project_frame(PIXELS, method="ivis-official")):
        with pytest.raises(UsageError, match=r"ivis, tensorflow, tf_keras, not installed .* 'kd_projector\[ivis\]'"):
            ask()


@pytest.mark.ivis_package
def test_the_package_maps_digits() -> None:
    frame = project_frame(PIXELS, method="ivis-official", epochs=40)
    assert frame.mode == "independent"
    assert frame.coordinates.shape == (300, 2)
    assert label_accuracies(frame.coordinates, LABELS, (10,))[0] > 0.4
    assert frame.quality["loss"] > 0


@pytest.mark.ivis_package
def test_tensorflow_stays_out_of_the_process_that_asks() -> None:
    # In a process of its own: in this one, TensorBoard's reader of event files may have loaded tensorflow already.
    program = (
        "import sys; import numpy as np; from kd_projector.projection import project_frame\n"
        "frame = project_frame(np.random.default_rng(0).normal(size=(40, 5)), method='ivis-official', epochs=1)\n"
        "print(len(frame.coordinates), {'tensorflow', 'ivis', 'tf_keras'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.split("\n")[-2] == "40 set()"


@pytest.mark.ivis_package
def test_its_neighbour_count_and_batch_are_clipped_to_few_samples() -> None:
    ivis = OfficialIvis(k=150, epochs=2).fit(PIXELS[:8])
    assert np.isfinite(ivis.embedding_).all()
    assert len(ivis.loss_history_) == 2


@pytest.mark.ivis_package
def test_when_the_package_fails_the_error_ends_with_its_own_words() -> None:
    with pytest.raises(KDProjectorError, match="Base network nonsense is not implemented"):
        OfficialIvis(model="nonsense").fit(PIXELS)


def test_samples_that_are_all_equal_need_no_process() -> None:
    if not methods.METHODS["ivis-official"].available:
        pytest.skip("the extra [ivis] is not installed")
    assert (OfficialIvis().fit_transform(np.ones((20, 3))) == 0).all()
