"""What is claimed of projections, each claim measured against its peer in one run: `python benchmarks/projection.py`.

    python benchmarks/projection.py --list
    python benchmarks/projection.py --only tsne-frames ivis-digits --repeats 1
    python benchmarks/projection.py --check        # exit status 1 if a target is missed

One thread, except where a row says otherwise.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")
# Run as a file, from anywhere; and not from its own folder, whose queue.py is not the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.comparison import Row, report  # noqa: E402


@dataclass(frozen=True)
class Section:
    """One part of the table: `rows` is "module:function", a function of the number of repeats."""

    rows: str
    about: str

    def run(self, repeats: int) -> list[Row]:
        module, _, function = self.rows.partition(":")
        return cast("Callable[[int], list[Row]]", getattr(import_module(f"benchmarks.{module}"), function))(repeats)


SECTIONS = {
    "tsne-frames": Section("tsne:frame_rows", "20 steps of a layer against 20 openTSNE runs + Procrustes"),
    "aligned-umap": Section("tsne:aligned_umap_rows", "the same against AlignedUMAP"),
    "tsne-large": Section("tsne:large_rows", "one t-SNE of 10,000 x 512 against openTSNE's defaults"),
    "approximate": Section("tsne:approximate_rows", "neighbours of more than 20,000 samples against exact ones"),
    "controls": Section("tsne:control_rows", "noise and flattery by mode: the anchored mode fails"),
    "ivis-digits": Section("ivis:digits_rows", "IVIS on 1,797 digits against the ivis package"),
    "ivis-large": Section("ivis:large_rows", "IVIS on 10,000 x 512 against the ivis package"),
    "ivis-frames": Section("ivis:frame_rows", "20 steps of a layer against 20 cold fits"),
    "queue-throughput": Section("queue:throughput_rows", "48 frames on 2 cores against one after the other"),
    "queue-on-screen": Section("queue:on_screen_rows", "a frame asked for while 500 are queued"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what is claimed of projections.")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS), metavar="SECTION")
    parser.add_argument("--repeats", type=int, default=3, help="of which the median counts (%(default)s)")
    parser.add_argument("--check", action="store_true", help="exit with status 1 if a target is missed")
    parser.add_argument("--list", action="store_true", help="list the sections and stop")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{name:18}{section.about}" for name, section in SECTIONS.items()))
        return
    rows: list[Row] = []
    for name in options.only:
        start = time.perf_counter()
        print(f"{name}: {SECTIONS[name].about} …", file=sys.stderr, flush=True)
        rows += SECTIONS[name].run(options.repeats)
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    report(rows, check=options.check)


if __name__ == "__main__":  # worker processes import this file
    main()
