"""Builds the panel into the package; all metadata is in pyproject.toml."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

# The panel's builder lies beside the panel's sources, outside the package: load it by its path.
_spec = spec_from_file_location("build_panel", Path(__file__).parent / "plugin_frontend" / "build_panel.py")
assert _spec is not None
assert _spec.loader is not None
build_panel = module_from_spec(_spec)
sys.modules[_spec.name] = build_panel
_spec.loader.exec_module(build_panel)


def _ensure_bundle() -> None:
    try:
        build_panel.ensure_bundle()
    except build_panel.PanelBuildError as error:
        sys.exit(str(error))


class BuildWithPanel(build_py):
    """Build the panel before setuptools collects the package's files."""

    def run(self) -> None:
        _ensure_bundle()
        # setuptools has listed the data files already, when the panel was not there yet.
        self.__dict__.pop("data_files", None)
        super().run()


class SdistWithPanel(sdist):
    """An sdist carries the built panel, so that installing it needs no Node."""

    def run(self) -> None:
        _ensure_bundle()
        super().run()


needs_node = not build_panel.is_current() and not build_panel.machine_has_node()

setup(
    cmdclass={"build_py": BuildWithPanel, "sdist": SdistWithPanel},
    # setuptools passes these to the installer as build requirements: Node from PyPI, only where it is needed.
    setup_requires=[build_panel.NODE_PACKAGE] if needs_node else [],
)
