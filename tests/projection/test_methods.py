"""Methods of other packages: found through entry points, used like our own, and harmless where they are broken."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import kd_projector
from kd_projector.errors import KDProjectorWarning, UsageError
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.work import pin
from kd_projector.projection import METHODS, methods, project_frame, readout_start
from kd_projector.projection.preprocessing import radius
from kd_projector.store import FrameStore, RunReader
from tests.projection.handwriting import digits, label_accuracies

DOCUMENT = Path(kd_projector.__file__).parents[1] / "docs" / "methods.md"
PIXELS, LABELS = (array[:300] for array in digits())


def documented_files() -> dict[str, str]:
    """The files of the package that docs/methods.md gives as its example, by path."""
    return dict(re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE))


def install(site: Path, package: str, version: str, entry_points: str, files: dict[str, str]) -> None:
    """What an installer leaves in site-packages: the modules, and beside them their metadata."""
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    metadata = site / f"{package.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    (metadata / "entry_points.txt").write_text(f"[kd_projector.methods]\n{entry_points}\n")


def install_documented(site: Path, version: str = "1.0") -> None:
    files = documented_files()
    project = files.pop("pyproject.toml")
    (entry_point,) = re.findall(r'\[project\.entry-points\."kd_projector\.methods"\]\n(\w+) = "([\w.:]+)"', project)
    install(site, "mds-maps", version, " = ".join(entry_point), files)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site-packages folder on the path, empty as yet; afterwards as if it had never been."""
    folder = tmp_path / "site"
    folder.mkdir()
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(folder))
    look_again()
    yield folder
    for name in set(sys.modules) - before:
        if str(folder) in str(getattr(sys.modules[name], "__file__", None)):
            del sys.modules[name]
    monkeypatch.undo()
    look_again()


def look_again() -> None:
    importlib.invalidate_caches()
    methods._all_methods.cache_clear()


def broken_methods(site: Path) -> dict[str, str]:
    """Installs packages that are broken, each in its way: what is said of each method, by name."""
    light = "from kd_projector.projection.methods import Method\n"
    good = "'x:y', 'independent', ('independent',), 'A note.'"
    sources = {
        "raises": ("raise OSError('no licence')", r"cannot be imported \(OSError: no licence\)"),
        "exits": ("raise SystemExit(3)", r"cannot be imported \(SystemExit: 3\)"),
        "empty": ("", r"cannot be imported \(AttributeError: .*METHOD"),
        "number": ("METHOD = 3", "it is a int, not a kd_projector.projection.Method"),
        "renamed": (f"{light}METHOD = Method('other', 'X', {good})", "its name is 'other'"),
        "modeless": (
            f"{light}METHOD = Method('modeless', 'X', 'x:y', 'best', ('best',), '')",
            r"its modes are \('best',\)",
        ),
        "engineless": (f"{light}METHOD = Method('engineless', 'X', 'x', 'rigid', ('rigid',), '')", "its engine is 'x'"),
        "flat": (f"{light}METHOD = Method('flat', 'X', {good}, dimensions=(1, 2))", r"its dimensions are \(1, 2\)"),
        "numpy": (f"{light}METHOD = Method('numpy', 'X', {good}, defaults={{'a': {{1}}}})", "not plain JSON values"),
    }
    for name, (source, _) in sources.items():
        install(site, f"broken-{name}", "2.0", f"{name} = broken_{name}:METHOD", {f"broken_{name}.py": source})
    return {name: sentence for name, (_, sentence) in sources.items()}


def test_the_documented_package_is_a_method_like_our_own(site: Path) -> None:
    install_documented(site)
    method = METHODS["mds"]
    assert method.available
    assert (method.label, method.version) == ("MDS", "mds-maps 1.0")
    assert list(METHODS) == [*methods.BUILT_IN, "mds"]
    assert "mds_maps.engine" not in sys.modules
    reference = project_frame(PIXELS).coordinates
    frame = project_frame(PIXELS, reference, "mds", iterations=20)
    assert (frame.method, frame.mode, frame.params["iterations"]) == ("mds", "readout", 20)
    assert radius(frame.coordinates) == pytest.approx(1, abs=1e-5)
    assert label_accuracies(frame.coordinates, LABELS, (10,))[0] > 0.5
    for mode in (None, "independent"):
        map_of_its_own = project_frame(PIXELS, None, "mds", mode)
        assert map_of_its_own.mode == "independent"
        assert 0 < map_of_its_own.quality["loss"] < 0.5
    with pytest.raises(UsageError, match="iterations is 0"):
        project_frame(PIXELS, method="mds", iterations=0)


def test_the_documented_engine_keeps_to_the_protocol(site: Path) -> None:
    install_documented(site)
    reference = np.random.default_rng(0).normal(size=(6, 3))
    for X in (np.arange(6.0)[:, None], np.eye(6), np.repeat(np.eye(3), 2, axis=0)):
        first, again = (project_frame(X, reference, "mds", components=3) for _ in range(2))
        assert np.isfinite(first.coordinates).all()
        np.testing.assert_array_equal(first.coordinates, again.coordinates)
    two = project_frame(np.eye(2), np.eye(2), "mds")
    assert np.isfinite(two.coordinates).all()


def test_worker_processes_make_the_frames_of_another_packages_method(site: Path, distilled_run: Path) -> None:
    install_documented(site)
    broken_methods(site)  # and are not troubled by what else is installed
    done = subprocess.run(
        [sys.executable, "-m", "kd_projector.cli", "project", str(distilled_run), "--method", "mds", "--workers", "1"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(site), *filter(None, sys.path)])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    reader = RunReader(str(distilled_run))
    store = FrameStore(str(distilled_run))
    jobs = [pin(request) for request in frames_of([reader], ["mds"])]
    frames = [store.get(job.key) for job in jobs]
    assert len(frames) == 8
    assert {frame.method for frame in frames if frame is not None} == {"mds"}
    assert None not in frames


def test_a_new_version_of_the_package_has_its_maps_made_anew(site: Path, distilled_run: Path) -> None:
    reader = RunReader(str(distilled_run))
    keys = []
    for version in ("1.0", "1.1"):
        install_documented(site / version, version)
        sys.path.insert(0, str(site / version))
        look_again()
        keys.append({pin(request).key for request in frames_of([reader], ["mds"])})
        sys.path.remove(str(site / version))
    assert not keys[0] & keys[1]


def test_a_broken_package_costs_its_own_method_and_says_in_a_sentence_why(site: Path) -> None:
    install_documented(site)
    sentences = broken_methods(site)
    assert METHODS["mds"].available
    assert project_frame(PIXELS, method="pca").method == "pca"
    assert set(METHODS) == {*methods.BUILT_IN, "mds", *sentences}
    for name, sentence in sentences.items():
        assert not METHODS[name].available
        with pytest.raises(UsageError, match=rf"Method '{name}' of broken-{name} 2\.0 is broken: .*{sentence}"):
            project_frame(PIXELS, method=name)


def test_built_in_names_are_taken_and_of_two_packages_the_first_has_a_name(site: Path) -> None:
    install_documented(site)
    source = (
        "from kd_projector.projection.methods import Method\nMETHOD = Method({!r}, 'X', 'x:y', 'rigid', ('rigid',), '')"
    )
    install(site, "better-tsne", "3.0", "tsne = better_tsne:METHOD", {"better_tsne.py": source.format("tsne")})
    install(site, "other-mds", "4.0", "mds = other_mds:METHOD", {"other_mds.py": source.format("mds")})
    with pytest.warns(KDProjectorWarning) as warnings:
        names = list(METHODS)
    assert names == [*methods.BUILT_IN, "mds"]
    assert METHODS["tsne"] is methods.BUILT_IN["tsne"]
    assert METHODS["mds"].version == "mds-maps 1.0"
    assert sorted(str(warning.message) for warning in warnings) == [
        "The projection method 'mds' of other-mds 4.0 is left out: mds-maps 1.0 has one of that name.",
        "The projection method 'tsne' of better-tsne 3.0 is left out: kd_projector itself has one of that name.",
    ]


def test_what_a_method_requires_is_named_with_what_to_install(site: Path) -> None:
    source = (
        "from kd_projector.projection.methods import Method\n"
        "METHOD = Method('gpu', 'X', 'x:y', 'rigid', ('rigid',), '', requires=('no_such_cuml',), install='maps[gpu]')"
    )
    install(site, "maps", "1.0", "gpu = maps:METHOD", {"maps.py": source})
    with pytest.raises(UsageError, match=r"'gpu' needs no_such_cuml, not installed here: pip install 'maps\[gpu\]'\."):
        project_frame(PIXELS, method="gpu")


def test_the_readout_that_authors_start_from_forgets_what_is_not_in_the_embedding() -> None:
    rng = np.random.default_rng(0)
    reference = rng.normal(size=(10, 2))[LABELS] + 0.05 * rng.normal(size=(300, 2))
    start = readout_start(PIXELS, reference)
    assert radius(start) == pytest.approx(1)
    assert label_accuracies(start, LABELS, (10,))[0] > 0.8
    noise = readout_start(rng.normal(size=(300, 40)), reference)
    assert label_accuracies(noise, LABELS, (10,))[0] < 0.2
    assert readout_start(PIXELS[:3], reference[:3]).shape == (3, 2)
