"""Naming another run from within a run, so that a log directory can be moved or copied as a whole."""

from __future__ import annotations

import os
import posixpath

from kd_projector.store.layout import RunFolder


def seen_from(run_dir: str | os.PathLike[str], other: str | os.PathLike[str]) -> str | None:
    """The folder of run `other` as seen from `run_dir` ("../distilled"), with forward slashes; None: it is the same.

    Where the two have no root in common (another drive, another bucket), its absolute path or address. Symbolic links
    are followed first: "../" of a folder that is linked here leads to where it really lies.
    """
    own, theirs = RunFolder(run_dir), RunFolder(other)
    if own.is_local and theirs.is_local:
        here, there = os.path.realpath(own.run_path), os.path.realpath(theirs.run_path)
        try:
            path = os.path.relpath(there, here).replace(os.sep, "/")
        except ValueError:  # another drive
            path = there
        return None if path == "." else path
    if type(own.fs) is type(theirs.fs) and _bucket(own) == _bucket(theirs):
        path = posixpath.relpath(theirs.run_path, own.run_path)
        return None if path == "." else path
    return str(theirs.fs.unstrip_protocol(os.path.realpath(theirs.run_path) if theirs.is_local else theirs.run_path))


def located(run_dir: str | os.PathLike[str], other_run: str) -> str:
    """The `place` of the run that `run_dir` knows as `other_run`: the inverse of `seen_from`."""
    own = RunFolder(run_dir)
    if "://" in other_run:
        return place(other_run)
    if own.is_local:
        return os.path.realpath(os.path.join(os.path.realpath(own.run_path), other_run))
    return str(own.fs.unstrip_protocol(posixpath.normpath(posixpath.join(own.run_path, other_run))))


def place(run_dir: str | os.PathLike[str]) -> str:
    """The same for all ways to write the same folder: a local one's real path, any other one's address."""
    folder = RunFolder(run_dir)
    if folder.is_local:
        return os.path.realpath(folder.run_path)
    return str(folder.fs.unstrip_protocol(folder.run_path))


def _bucket(folder: RunFolder) -> str:
    return folder.run_path.strip("/").split("/", 1)[0] if not folder.is_local else ""
