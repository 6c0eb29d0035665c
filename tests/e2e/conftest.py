"""A short demo's logs, a real TensorBoard on them, a real browser on that."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.e2e.chromium import launch_chromium
from tests.e2e.panel_page import PATIENCE_MS, PanelPage
from tests.tensorboard_process import TensorBoard


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--demo-logs", type=Path, help="keep the browser tests' demo in this folder, and use it again")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> tuple[Path, str]:
    """The logs of a short demo, made by the command as a user would, and what the command printed.

    Processes of pytest-xdist share it: the first makes it, the others wait.
    """
    kept: Path | None = request.config.getoption("--demo-logs")
    own = tmp_path_factory.getbasetemp()
    folder = kept or (own.parent if hasattr(request.config, "workerinput") else own) / "demo"
    logdir, printed = folder / "logs", folder / "printed.txt"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "making.lock"):
        if not printed.is_file():
            command = [sys.executable, "-m", "kd_projector.cli", "demo", str(logdir), "--no-serve"]
            command += ["--steps", "60", "--probed-steps", "5"]
            answer = subprocess.run(command, capture_output=True, text=True, check=False)
            assert answer.returncode == 0, answer.stderr
            printed.write_text(answer.stdout)
    return logdir, printed.read_text()


@pytest.fixture(scope="session")
def board(demo: tuple[Path, str]) -> Iterator[TensorBoard]:
    with TensorBoard("--logdir", str(demo[0])) as board:
        yield board


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)  # the panel looks for added measures every 10 s; playwright waits for 5 s
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def panel(board: TensorBoard, context: BrowserContext) -> Iterator[PanelPage]:
    """The panel, its first maps drawn. Fails at the end if the page or TensorBoard had anything to complain of."""
    panel = PanelPage(context.new_page(), board.address)
    panel.wait_until_drawn()
    yield panel
    assert panel.complaints == []
    assert board.complaints() == []
