"""The study's images: the digits, a folder of pictures, and CIFAR-10 and STL-10 in their own file formats."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest
from paper_study.cell import Task, is_done, run_task
from paper_study.data import load
from paper_study.settings import Cell, Folder, Settings
from PIL import Image
from torchvision import datasets

from kd_projector.errors import UsageError
from kd_projector.store import RunReader

RANDOM = np.random.default_rng(0)
COLOURS = {"blue": (30, 60, 200), "green": (40, 180, 60), "red": (220, 40, 30)}


def write_pictures(root: Path, per_class: int) -> None:
    """Noisy pictures of one colour each, neither square nor of one size."""
    for name, colour in COLOURS.items():
        (root / name).mkdir(parents=True)
        for index in range(per_class):
            noisy = np.array(colour) + RANDOM.normal(0, 40, (14 + index % 3, 18, 3))
            Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(root / name / f"{index}.png")


def test_the_digits_are_split_in_three_that_share_no_image() -> None:
    data = load(Settings(steps=2))
    assert [len(part) for part in (data.train, data.probe, data.test)] == [899, 449, 449]
    assert not data.flips
    ids = [{part.pixels[i].numpy().tobytes() for i in range(len(part))} for part in (data.train, data.probe, data.test)]
    assert len(ids[0] & ids[1]) + len(ids[0] & ids[2]) + len(ids[1] & ids[2]) == 0
    assert data.as_probe().fingerprint == load(Settings(steps=7)).as_probe().fingerprint


def test_a_student_is_trained_and_logged_on_a_folder_of_pictures(tmp_path: Path) -> None:
    write_pictures(tmp_path / "pictures", per_class=16)
    settings = Settings(
        data="imagefolder",
        root=str(tmp_path / "pictures"),
        image_size=12,
        steps=3,
        batch=6,
        probed_steps=2,
        labels_per_class=2,
    )
    folder, cell = Folder(tmp_path / "out"), Cell("d3w8", "fitnets", "limited", 0)
    run_task(Task(folder, settings, cell))
    assert is_done(folder, cell)
    reader = RunReader(folder.run(cell))
    assert reader.models == ["teacher", "student"]
    assert reader.steps("student") == [0, 3]
    assert reader.probe.class_names == tuple(COLOURS)
    assert reader.layers("student") == ["block1", "block2", "block3", "embedding"]


def test_a_folder_with_train_and_val_keeps_them_apart(tmp_path: Path) -> None:
    write_pictures(tmp_path / "train", per_class=5)
    write_pictures(tmp_path / "val", per_class=6)
    data = load(Settings(steps=2, data="imagefolder", root=str(tmp_path), image_size=8))
    assert [len(part) for part in (data.train, data.probe, data.test)] == [15, 9, 9]
    assert data.train.pixels.shape[1:] == (3, 8, 8)
    assert not data.flips  # pictures may be of letters
    assert load(Settings(steps=2, data="imagefolder", root=str(tmp_path), image_size=8, flips=True)).flips
    red = data.probe.pixels[data.probe.labels == 2].float().mean((0, 2, 3))
    assert red.argmax() == 0


def test_a_folder_with_a_train_but_nothing_held_out_is_refused(tmp_path: Path) -> None:
    write_pictures(tmp_path / "train", per_class=2)
    with pytest.raises(UsageError, match="both train and val"):
        load(Settings(steps=2, data="imagefolder", root=str(tmp_path)))


def test_pictures_that_do_not_fit_into_memory_are_refused_before_they_are_read(tmp_path: Path) -> None:
    write_pictures(tmp_path, per_class=2)
    with pytest.raises(UsageError, match="smaller --image-size"):
        load(Settings(steps=2, data="imagefolder", root=str(tmp_path), image_size=50_000))


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


def test_cifar_10_is_read_from_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    pixels = RANDOM.integers(0, 256, (40, 3072), dtype=np.uint8)
    for name in ("data_batch_1", "test_batch"):
        batch = {"data": pixels, "labels": [index % 10 for index in range(40)]}
        (folder / name).write_bytes(pickle.dumps(batch))
    names = [f"class {index}" for index in range(10)]
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": names}))
    # torchvision knows the real files by their checksums.
    cifar = datasets.CIFAR10
    monkeypatch.setattr(cifar, "train_list", [["data_batch_1", md5(folder / "data_batch_1")]])
    monkeypatch.setattr(cifar, "test_list", [["test_batch", md5(folder / "test_batch")]])
    monkeypatch.setattr(cifar, "meta", {**cifar.meta, "md5": md5(folder / "batches.meta")})
    data = load(Settings(steps=2, data="cifar10", root=str(tmp_path)))
    assert data.train.pixels.shape == (40, 3, 32, 32)
    assert (data.train.pixels.numpy() == pixels.reshape(40, 3, 32, 32)).all()
    assert data.class_names == tuple(names)
    assert data.flips
    assert (len(data.probe), len(data.test)) == (20, 20)
    smaller = load(Settings(steps=2, data="cifar10", root=str(tmp_path), image_size=16))
    assert smaller.train.pixels.shape == (40, 3, 16, 16)


def test_stl_10_is_read_from_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "stl10_binary"
    folder.mkdir()
    pixels = RANDOM.integers(0, 256, (40, 3, 96, 96), dtype=np.uint8)
    for part in ("train", "test"):
        pixels.tofile(folder / f"{part}_X.bin")
        np.array([index % 10 + 1 for index in range(40)], dtype=np.uint8).tofile(folder / f"{part}_y.bin")
    (folder / "class_names.txt").write_text("\n".join(f"class {index}" for index in range(10)))
    for part in ("train", "test"):
        files = [[name, md5(folder / name)] for name in (f"{part}_X.bin", f"{part}_y.bin")]
        monkeypatch.setattr(datasets.STL10, f"{part}_list", files)
    data = load(Settings(steps=2, data="stl10", root=str(tmp_path)))
    assert data.train.pixels.shape == (40, 3, 96, 96)
    assert data.train.labels.tolist() == [index % 10 for index in range(40)]
    assert data.class_names[0] == "class 0"


@pytest.mark.parametrize("name", ["cifar10", "cifar100", "stl10"])
def test_data_that_are_not_there_are_asked_for_and_not_fetched(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=rf"no complete {name} in .*--download"):
        load(Settings(steps=2, data=name, root=str(tmp_path)))
    with pytest.raises(UsageError, match="needs --root"):
        load(Settings(steps=2, data=name))
    assert list(tmp_path.iterdir()) == []
