"""Each example runs as its own first lines say, at a small size."""

import subprocess
import sys
from pathlib import Path

from kd_projector.store import RunReader

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_plain_loop_logs_both_models_at_every_twentieth_step(tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLES / "plain_loop.py"), "--logdir", str(tmp_path / "run"), "--epochs", "3"]
    subprocess.run(command, check=True, capture_output=True)
    reader = RunReader(tmp_path / "run")
    assert reader.models == ["teacher", "student"]
    assert reader.steps("student") == [0, 20, 40]
    assert reader.steps("teacher") == [0]
    assert len(reader.layers("student")) >= 2
    assert reader.probe.class_names == tuple("0123456789")
