"""The ivis package, really run, in its own process: what it gives, and what becomes of the process."""

from __future__ import annotations

import copy
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kd_projector.errors import KDProjectorError, UsageError
from kd_projector.projection import OfficialIvis, methods, official_ivis_client, project_frame
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


def test_parameters_that_make_no_sense_are_refused_before_any_process_starts() -> None:
    if not methods.METHODS["ivis-official"].available:
        pytest.skip("the extra [ivis] is not installed")
    for wrong, sentence in (
        ({"k": 0}, "k is 0"),
        ({"timeout": -1}, "timeout is -1"),
        ({"epochs": 1.5}, "epochs is 1.5"),
    ):
        with pytest.raises(UsageError, match=sentence):
            OfficialIvis(**wrong).fit(PIXELS)


@pytest.mark.ivis_package
def test_new_samples_land_among_their_like_and_fitted_ones_where_they_were() -> None:
    pixels, labels = digits()
    ivis = OfficialIvis(epochs=40).fit(8 * pixels[:300])
    np.testing.assert_array_equal(ivis.transform(8 * pixels[:300]), ivis.embedding_)
    places = np.vstack([ivis.embedding_, ivis.transform(8 * pixels[300:400])])
    assert label_accuracies(places, labels[:400], (10,))[0] > 0.5
    assert ivis.fit_cpu_seconds_ > 0
    assert ivis.fit_seconds_ > 0


@pytest.mark.ivis_package
def test_a_fitted_reducer_can_be_copied_and_pickled() -> None:
    ivis = OfficialIvis(epochs=1).fit(PIXELS[:40])
    for twin in (copy.deepcopy(ivis), pickle.loads(pickle.dumps(ivis))):
        np.testing.assert_array_equal(twin.transform(PIXELS[40:60]), ivis.transform(PIXELS[40:60]))


@pytest.mark.ivis_package
def test_one_seed_gives_one_map_and_the_process_stays() -> None:
    first = OfficialIvis(epochs=2, random_state=7).fit(PIXELS)
    process = official_ivis_client.PROCESS.pid()
    assert process is not None
    OfficialIvis(epochs=1).fit(PIXELS[:50])  # nothing is remembered in between
    again = OfficialIvis(epochs=2, random_state=7).fit(PIXELS)
    assert official_ivis_client.PROCESS.pid() == process
    np.testing.assert_array_equal(first.embedding_, again.embedding_)
    assert not np.array_equal(first.embedding_, OfficialIvis(epochs=2, random_state=8).fit(PIXELS).embedding_)


@pytest.mark.ivis_package
def test_fits_of_several_threads_do_not_mix() -> None:
    alone = [OfficialIvis(epochs=1, random_state=seed).fit_transform(PIXELS[:60]) for seed in range(3)]
    with ThreadPoolExecutor(3) as threads:
        together = threads.map(
            lambda seed: OfficialIvis(epochs=1, random_state=seed).fit_transform(PIXELS[:60]), range(3)
        )
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.ivis_package
def test_a_process_that_is_killed_during_a_fit_is_replaced_and_the_fit_done_again() -> None:
    before = OfficialIvis(epochs=40).fit(PIXELS)
    victim = official_ivis_client.PROCESS.pid()
    assert victim is not None
    killer = threading.Timer(0.3 * before.fit_seconds_, os.kill, (victim, signal.SIGKILL))
    killer.start()
    again = OfficialIvis(epochs=40).fit(PIXELS)
    killer.join()
    assert official_ivis_client.PROCESS.pid() != victim
    np.testing.assert_array_equal(again.embedding_, before.embedding_)


def test_a_process_that_dies_twice_is_an_error_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    if not methods.METHODS["ivis-official"].available:
        pytest.skip("the extra [ivis] is not installed")
    monkeypatch.setattr(official_ivis_client, "_MODULE", "kd_projector.no_such_module")
    monkeypatch.setattr(official_ivis_client, "PROCESS", official_ivis_client._ProcessOfOurs())
    with pytest.raises(KDProjectorError, match=r"(?s)ended with status 1, twice\. .*no_such_module"):
        OfficialIvis().fit(PIXELS)


@pytest.mark.ivis_package
def test_a_fit_that_takes_too_long_is_ended_and_the_next_one_works() -> None:
    with pytest.raises(KDProjectorError, match=r"took more than 0\.5 seconds and was ended"):
        OfficialIvis(epochs=100_000, n_epochs_without_progress=100_000, timeout=0.5).fit(PIXELS)
    assert official_ivis_client.PROCESS.pid() is None
    assert OfficialIvis(epochs=1).fit(PIXELS[:40]).embedding_.shape == (40, 2)


@pytest.mark.ivis_package
def test_an_interrupted_fit_leaves_no_process_behind() -> None:
    OfficialIvis(epochs=1).fit(PIXELS[:40])
    process = official_ivis_client.PROCESS.pid()
    assert process is not None
    interrupt = threading.Timer(0.5, signal.pthread_kill, (threading.get_ident(), signal.SIGINT))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        OfficialIvis(epochs=100_000, n_epochs_without_progress=100_000).fit(PIXELS)
    interrupt.join()
    assert not alive(process)


@pytest.mark.ivis_package
@pytest.mark.parametrize("how", ["ends", "is killed while it fits"])
def test_the_process_ends_with_its_parent(how: str) -> None:
    endless = "OfficialIvis(epochs=100_000, n_epochs_without_progress=100_000).fit(X)" if "killed" in how else ""
    program = (
        "import numpy as np\n"
        "from kd_projector.projection import OfficialIvis, official_ivis_client\n"
        "X = np.random.default_rng(0).normal(size=(40, 5)); OfficialIvis(epochs=1).fit(X)\n"
        f"print(official_ivis_client.PROCESS.pid(), flush=True)\n{endless}"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        process = int(parent.stdout.readline())
        if endless:
            parent.kill()
    deadline = time.monotonic() + 20
    while alive(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(process)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
