"""The examples are scripts, not an installed package: their folder is where Python finds them when one is run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
