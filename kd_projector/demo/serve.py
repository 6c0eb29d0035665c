"""Starting TensorBoard on a log directory, as the user would, and saying where the panel is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_ADDRESS = re.compile(r" at (http\S+) ")


def serve_tensorboard(logdir: Path, port: int | None = None) -> int:
    """Run TensorBoard on `logdir` until it ends; prints the panel's address once it listens. Returns its status."""
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir)]
    if port is not None:
        command += ["--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tensorboard:
        assert tensorboard.stderr is not None
        try:
            for line in tensorboard.stderr:
                address = _ADDRESS.search(line)
                if address:
                    print(f"\nThe panel: {address.group(1)}#kd_projector   (Ctrl+C ends it)\n", flush=True)
                else:
                    print(line, end="", file=sys.stderr)
            return tensorboard.wait()
        except KeyboardInterrupt:
            tensorboard.terminate()
            tensorboard.wait()
            return 0
