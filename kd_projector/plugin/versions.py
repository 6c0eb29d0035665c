"""The versions of what has a part in what the panel shows, for its page about a run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from platform import python_version

from kd_projector.version import __version__

# As the package index calls them.
_PACKAGES = ("tensorboard", "torch", "numpy", "scikit-learn", "openTSNE", "umap-learn", "ivis", "tensorflow")


@lru_cache(maxsize=1)
def installed_versions() -> Mapping[str, str]:
    """Of kd_projector, Python and those of the packages that are installed here. None of them is imported."""
    found = {"kd_projector": __version__, "python": python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
