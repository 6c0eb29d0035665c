"""Where each file of a run lies, and how a file gets there whole or not at all. All paths go through fsspec."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Sequence
from io import RawIOBase
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import fsspec
from fsspec.implementations.local import LocalFileSystem

from kd_projector.errors import StoreError

PLUGIN_NAME = "kd_projector"
STEP_DIGITS = 12
_TEMPORARY = ".partial-"
# What file systems say of a file, each its own of these.
_TELLS_VERSIONS_APART = ("size", "ino", "mtime", "ETag", "LastModified", "updated", "created", "generation")


def _folder_name(model: str) -> str:
    """A model's name as one path component: nothing in it can lead out of the run's folder."""
    if not model or model.startswith("."):
        raise StoreError(
            f"A model cannot be called {model!r}: use a name that is not empty and does not start with a dot."
        )
    return quote(model, safe=" ")


def step_name(step: int) -> str:
    return f"{step:0{STEP_DIGITS}d}"


def _parts_of(path: str, parts: Sequence[tuple[str, int, int]]) -> list[bytes | None]:
    """`RunFolder.read_parts` of one local file: fsspec would open it for each of them."""
    try:
        with open(path, "rb", buffering=0) as file:
            return [_part(file, start, end) for _, start, end in parts]
    except OSError:
        return [None] * len(parts)


def _part(file: RawIOBase, start: int, end: int) -> bytes | None:
    file.seek(start)
    return file.read(end - start)


class RunFolder:
    """The folder `<run>/plugins/kd_projector` of one run, on any file system that fsspec knows."""

    def __init__(self, run_dir: str | os.PathLike[str]) -> None:
        self.run_dir = os.fspath(run_dir)
        self.fs, run_path = fsspec.core.url_to_fs(self.run_dir)
        self.run_path = str(run_path).rstrip("/")  # without the protocol, as `fs` takes it
        self.root = f"{self.run_path}/plugins/{PLUGIN_NAME}"
        self.is_local = isinstance(self.fs, LocalFileSystem)

    # -- names -------------------------------------------------------------------------------------------------------

    def manifest(self) -> str:
        return f"{self.root}/manifest.json"

    def probe_json(self) -> str:
        return f"{self.root}/probe.json"

    def probe_tensors(self) -> str:
        return f"{self.root}/probe.safetensors"

    def thumbnails(self, sheet: int) -> str:
        return f"{self.root}/thumbnails{'' if sheet == 0 else f'-{sheet}'}.webp"

    def steps(self, model: str) -> str:
        return f"{self.root}/steps/{_folder_name(model)}"

    def step_file(self, model: str, step: int) -> str:
        return f"{self.steps(model)}/{step_name(step)}.safetensors"

    def measures(self, model: str) -> str:
        return f"{self.root}/measures/{_folder_name(model)}"

    def measures_file(self, model: str, step: int) -> str:
        return f"{self.measures(model)}/{step_name(step)}.json"

    def measured(self, model: str) -> str:
        return f"{self.root}/measured/{_folder_name(model)}"

    def measured_file(self, model: str, step: int) -> str:
        return f"{self.measured(model)}/{step_name(step)}.json"

    def projections(self) -> str:
        return f"{self.root}/projections"

    def superseded(self) -> str:
        return f"{self.root}/superseded"

    def lock_file(self) -> str:
        return f"{self.root}/writer.lock"

    def measure_lock_file(self) -> str:
        return f"{self.root}/measure.lock"

    # -- files -------------------------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        return bool(self.fs.exists(path))

    def read(self, path: str, start: int | None = None, end: int | None = None) -> bytes:
        """The file's bytes [start, end). Raises FileNotFoundError."""
        return bytes(self.fs.cat_file(path, start=start, end=end))

    def names(self, folder: str, suffix: str) -> list[str]:
        """The names in `folder` that end in `suffix`, sorted, without it; files still being written are not listed."""
        self.fs.invalidate_cache(folder)
        try:
            listed = self.fs.ls(folder, detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        names = (str(path).rsplit("/", 1)[-1] for path in listed)
        return sorted(
            name.removesuffix(suffix) for name in names if name.endswith(suffix) and not name.startswith(_TEMPORARY)
        )

    def step_numbers(self, folder: str, suffix: str) -> list[int]:
        return [int(name) for name in self.names(folder, suffix) if name.isdecimal()]

    def versions(self, folder: str, suffix: str) -> dict[str, str]:
        """As `names`, and with each what changes when another file takes its name: size, time and identity."""
        self.fs.invalidate_cache(folder)
        try:
            listed = self.fs.ls(folder, detail=True)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        named = {str(entry["name"]).rsplit("/", 1)[-1]: entry for entry in listed}
        return {
            name.removesuffix(suffix): " ".join(str(entry.get(key)) for key in _TELLS_VERSIONS_APART)
            for name, entry in named.items()
            if name.endswith(suffix) and not name.startswith(_TEMPORARY)
        }

    def read_parts(self, parts: Sequence[tuple[str, int, int]]) -> list[bytes | None]:
        """Of many files a few bytes each, all together: of each `(path, start, end)` the bytes, cut off where the file
        ends; None of what cannot be read."""
        if not self.is_local:
            of_each = [list(column) for column in zip(*parts, strict=True)] or [[], [], []]
            read = self.fs.cat_ranges(*of_each, on_error="return") if parts else []
            return [bytes(data) if isinstance(data, bytes) else None for data in read]
        return [data for path, group in groupby(parts, lambda part: part[0]) for data in _parts_of(path, list(group))]

    def modified(self, path: str) -> float:
        """When the file was last written, in seconds since 1970; now, on a file system that does not say."""
        try:
            return float(self.fs.modified(path).timestamp())
        except (NotImplementedError, AttributeError):
            return time.time()

    def make(self, folder: str) -> None:
        self.fs.makedirs(folder, exist_ok=True)

    def write(self, path: str, data: bytes, partial_in: str | None = None) -> None:
        """Write `data` so that `path` has all of it or is as it was before, also if the process dies meanwhile.

        Locally: a temporary name in the same folder (or in the folder `partial_in` of the run, where others would read
        it there), flushed to the disk, then renamed over `path`. An object store's upload appears whole by itself.
        """
        folder, name = path.rsplit("/", 1)
        self.make(folder)
        if not self.is_local:
            self.fs.pipe_file(path, data)
            return
        if partial_in is not None:
            self.make(partial_in)
        partial = Path(partial_in or folder) / f"{_TEMPORARY}{secrets.token_hex(6)}-{name}"
        try:
            with open(partial, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise

    def move(self, source: str, target: str) -> None:
        self.make(target.rsplit("/", 1)[0])
        self.fs.mv(source, target)

    def remove_partial_files(self) -> None:
        """Delete what a killed writer left under temporary names. Only for the holder of the writer's lock."""
        if self.is_local:
            for partial in Path(self.root).rglob(f"{_TEMPORARY}*"):
                # These are written by other processes, which do not hold this lock and may be at work just now.
                if partial.relative_to(self.root).parts[0] not in ("projections", "measured"):
                    partial.unlink(missing_ok=True)

    def remove_partial_measured(self) -> None:
        """The same for measures computed afterwards. Only for the holder of their lock."""
        if self.is_local:
            for partial in Path(self.root, "measured").rglob(f"{_TEMPORARY}*"):
                partial.unlink(missing_ok=True)
