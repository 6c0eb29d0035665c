"""What is claimed of the panel's speed, in a real TensorBoard and a real Chromium: `python benchmarks/panel.py`.

    python benchmarks/panel.py --list
    python benchmarks/panel.py --only first-paint many-points
    python benchmarks/panel.py --quick          # fewer repeats, and no waiting for the Embedding Projector's t-SNE
    python benchmarks/panel.py --check          # exit status 1 if a target is missed

The panel has to be built (`make panel`). Where there is a peer, both run in the same browser, one after the other.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")
# Run as a file, from anywhere; and not from its own folder, whose queue.py is not the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from tqdm import tqdm  # noqa: E402

from benchmarks.comparison import Row, report  # noqa: E402
from benchmarks.panel_browser import (  # noqa: E402
    MainThread,
    at_rest,
    bare_frame_times,
    embedding_projector_tsne,
    frame_times,
    open_panel,
    pictures,
    watched_context,
)
from benchmarks.panel_logs import put_made_up_maps, write_for_both_projectors, write_run  # noqa: E402
from tests.e2e.chromium import launch_chromium  # noqa: E402
from tests.e2e.panel_page import PanelPage  # noqa: E402
from tests.tensorboard_process import TensorBoard  # noqa: E402

_STATIC = Path(__file__).resolve().parents[1] / "kd_projector" / "plugin" / "static"
_MODELS = {"teacher": "teacher", "student": "student", "baseline": "baseline"}
_ITERATIONS = 500  # of the Embedding Projector's t-SNE; it would go on
_PATIENCE_S = 300.0


@dataclass(frozen=True)
class Bench:
    """What the sections share: one browser, and how thorough to be."""

    browser: Browser
    folder: Path
    quick: bool

    def repeats(self, thorough: int, quick: int) -> int:
        return quick if self.quick else thorough


def _limit(work: str, found: float, most: float, unit: str, remark: str = "", peer: str = "") -> Row:
    """A claim without a peer: `found` is at most `most`."""
    shown = f"{found:.3g} {unit}" + (f" ({remark})" if remark else "")
    return Row(work, f"at most {most:g} {unit}" + (f"; {peer}" if peer else ""), shown, found / most, 1.0, "lower")


@contextmanager
def _demo_sized(bench: Bench) -> Iterator[TensorBoard]:
    """3 rows x 5 layers x 25 steps x 1,000 samples, all maps there."""
    run = bench.folder / "demo" / "run"
    if not run.exists():
        write_run(run, _MODELS, 5, range(25), 1000)
        put_made_up_maps(run)
    with TensorBoard("--logdir", str(run.parent)) as board:
        yield board


def first_paint_rows(bench: Bench) -> list[Row]:
    """Every load with an empty cache. The first is not counted: TensorBoard has just started."""
    with _demo_sized(bench) as board:
        paints = []
        for _ in range(1 + bench.repeats(5, 2)):
            with watched_context(bench.browser) as context:
                paints.append(open_panel(context, board.address, 15)[1])
    ours, page = (median(values) for values in zip(*((one.frame, one.page) for one in paints[1:]), strict=True))
    return [
        _limit(
            "first paint of 15 maps x 1,000, from the start of the panel's frame",
            ours,
            1.5,
            "s",
            f"from TensorBoard's navigation {page:.2f} s",
            f"TensorBoard's own page takes {page - ours:.2f} s before",
        )
    ]


def step_rows(bench: Bench) -> list[Row]:
    """A key press on the slider: all scripts until the points have come to rest, the median of the steps."""
    presses = bench.repeats(20, 6)
    with _demo_sized(bench) as board, watched_context(bench.browser) as context:
        panel, _ = open_panel(context, board.address, 15)
        at_rest(panel.page)
        thread = MainThread(panel.page)
        scripts, tasks = [], []
        panel.get("step-slider").focus()
        for _ in range(presses):
            before = thread.spent()
            panel.page.keyboard.press("ArrowLeft")
            at_rest(panel.page)
            script, task = (after - earlier for after, earlier in zip(thread.spent(), before, strict=True))
            scripts.append(script)
            tasks.append(task)
        drawn = panel.state["step"]
        assert drawn == 24 - presses, f"{presses} steps back from 24, and yet at {drawn}"
    remark = f"all tasks {median(tasks):.0f} ms; the slowest {max(scripts):.0f} ms"
    return [_limit("a step's change, 15 maps x 1,000: script time", median(scripts), 50, "ms", remark)]


def many_points_rows(bench: Bench) -> list[Row]:
    """Playing through the steps, against the least WebGL2 that draws the same points."""
    run = bench.folder / "many" / "run"
    steps = range(bench.repeats(12, 6))
    write_run(run, _MODELS, 4, steps, 10_000)
    put_made_up_maps(run)
    with TensorBoard("--logdir", str(run.parent)) as board, watched_context(bench.browser) as context:
        panel, _ = open_panel(context, board.address, 12)
        ours, bare = [], []
        for _ in range(bench.repeats(3, 1)):  # in turns: what else the machine does meanwhile is then both sides'
            panel.press("Home")
            panel.wait_until_drawn()
            at_rest(panel.page)
            began = pictures(panel)
            panel.get("play").click()
            while panel.frame.evaluate("() => window.__kd_projector.playing"):
                panel.page.wait_for_timeout(500)
            ours += frame_times(panel, began)
            bare += bare_frame_times(bench.browser, panel, seconds=3)
    return [_frames_row("12 maps x 10,000 points, playing", bare, ours)]


def _frames_row(work: str, bare: Sequence[float], ours: Sequence[float]) -> Row:
    def told(times: Sequence[float]) -> str:
        return f"{median(times):.0f} ms a frame ({len(times)} frames)"

    return Row(work, f"bare WebGL2: {told(bare)}", told(ours), median(ours) / median(bare), 1.5, "lower")


def one_large_map_rows(bench: Bench) -> list[Row]:
    """One map of 200,000 samples: moved, zoomed, pointed at and lassoed."""
    run = bench.folder / "large" / "run"
    write_run(run, {"net": "student"}, 1, [0, 1], 200_000)
    put_made_up_maps(run)
    moves = bench.repeats(30, 10)
    with TensorBoard("--logdir", str(run.parent)) as board, watched_context(bench.browser) as context:
        panel, _ = open_panel(context, board.address, 1)
        at_rest(panel.page)
        box = panel.get("map").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse = panel.page.mouse
        thread = MainThread(panel.page)

        mouse.move(x, y)
        at_rest(panel.page)
        before = thread.spent()[0]
        for move in range(moves):
            mouse.move(x + 3 * move, y + 2 * move)
        at_rest(panel.page)
        hover = (thread.spent()[0] - before) / moves

        bare = bare_frame_times(bench.browser, panel, seconds=3)
        pan = _pictures_while(panel, lambda: _drag(panel, x, y, moves))

        def zoom() -> None:
            for turn in range(moves):
                mouse.wheel(0, -40 if turn < moves / 2 else 40)

        zooming = _pictures_while(panel, zoom)
        bare += bare_frame_times(bench.browser, panel, seconds=3)
        panel.get("reset-view").click()
        panel.get("tool-lasso").check(force=True)
        at_rest(panel.page)
        corners = [(x - 120, y - 90), (x + 120, y - 90), (x + 120, y + 90), (x - 120, y + 90)]
        mouse.move(*corners[0])
        mouse.down()
        for corner in corners[1:]:
            mouse.move(*corner, steps=8)
        at_rest(panel.page)
        before = thread.spent()[0]
        mouse.up()
        panel.page.wait_for_timeout(3000)
        lasso = thread.spent()[0] - before
        selected = len(panel.state["selected"])
        assert selected > 1000, f"the lasso caught {selected} samples"
    size = "200,000 points"
    return [
        _frames_row(f"1 map x {size}, dragged", bare, pan),
        _frames_row(f"1 map x {size}, zoomed", bare, zooming),
        _limit(f"pointing at 1 map x {size}: script time a move", hover, 16, "ms"),
        _limit(f"a lasso round {selected:,} of {size}: script time from its end", lasso, 300, "ms"),
    ]


def _drag(panel: PanelPage, x: float, y: float, moves: int) -> None:
    mouse = panel.page.mouse
    mouse.move(x, y)
    mouse.down()
    for move in range(moves):
        mouse.move(x + 4 * move, y + 2 * move)
    mouse.up()


def _pictures_while(panel: PanelPage, act: Callable[[], None]) -> list[float]:
    """Frame times while `act` goes on."""
    began = pictures(panel)
    act()
    times = frame_times(panel, began)
    assert len(times) > 1, "nothing was drawn"
    return times


def bundle_rows(bench: Bench) -> list[Row]:
    """The entry module with all that it imports statically, and the style sheet: what a first visit has to load."""
    wanted, sizes = ["index.js", "index.css"], {}
    while wanted:
        path = _STATIC / wanted.pop()
        if path.name in sizes:
            continue
        text = path.read_text()
        sizes[path.name] = len(gzip.compress(text.encode()))
        found = re.findall(r'(?:from|import)\s*"(\.\.?/[^"]+\.js)"', text)
        wanted += [os.path.relpath(path.parent / one, _STATIC) for one in found]
    told = ", ".join(f"{name} {size / 1000:.1f}" for name, size in sizes.items())
    return [_limit("main chunk, gzip", sum(sizes.values()) / 1000, 250, "kB", told)]


def embedding_projector_rows(bench: Bench) -> list[Row]:
    """10,000 x 512: from page load to a 2-D t-SNE map. Ours first computes, then has it; theirs always computes."""
    logs = write_for_both_projectors(bench.folder / "both", 10_000, 512)
    with TensorBoard("--logdir", str(logs)) as board:
        with watched_context(bench.browser) as context:
            computing = open_panel(context, board.address, 1, _PATIENCE_S)[1].page
        with watched_context(bench.browser) as context:
            ready = open_panel(context, board.address, 1)[1].page
        wanted, patience = (_ITERATIONS, _PATIENCE_S) if not bench.quick else (20, 60.0)
        with watched_context(bench.browser) as context:
            seconds, reached = embedding_projector_tsne(context, board.address, wanted, patience)
    told = f"Embedding Projector: {seconds:.0f} s to iteration {reached}" + (
        "" if reached >= _ITERATIONS else f" (stopped there; {_ITERATIONS} would be more)"
    )
    what = "page load to a t-SNE map of 10,000 x 512"
    return [
        Row(f"{what}, ours computing it", told, f"{computing:.1f} s", seconds / computing, 1.0),
        Row(f"{what}, ours ready", told, f"{ready:.1f} s", seconds / ready, 10.0),
    ]


SECTIONS: dict[str, tuple[Callable[[Bench], list[Row]], str]] = {
    "bundle": (bundle_rows, "what a first visit loads"),
    "first-paint": (first_paint_rows, "3 rows x 5 layers x 25 steps x 1,000 samples, maps there"),
    "step": (step_rows, "the script time of a step's change"),
    "many-points": (many_points_rows, "12 maps x 10,000 points playing, against a bare renderer"),
    "large-map": (one_large_map_rows, "1 map x 200,000 points: drag, zoom, point, lasso"),
    "embedding-projector": (embedding_projector_rows, "10,000 x 512 to a t-SNE map, against TensorBoard's own"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what is claimed of the panel's speed.")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS), metavar="SECTION")
    parser.add_argument("--quick", action="store_true", help="fewer repeats, and 20 iterations of the peer's t-SNE")
    parser.add_argument("--check", action="store_true", help="exit with status 1 if a target is missed")
    parser.add_argument("--list", action="store_true", help="list the sections and stop")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{name:21}{about}" for name, (_, about) in SECTIONS.items()))
        return
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        bench = Bench(browser, Path(folder), options.quick)
        progress = tqdm(options.only, unit="section")
        for name in progress:
            progress.set_description(SECTIONS[name][1])
            found = SECTIONS[name][0](bench)
            progress.write("\n".join(f"{row.work}: {row.peer}; {row.ours}" for row in found), file=sys.stderr)
            rows += found
        browser.close()
    report(rows, check=options.check)
    print(f"\nload average at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
