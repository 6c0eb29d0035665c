"""The real browser: a headless Chromium of this machine, which draws WebGL without a GPU."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",  # WebGL without a GPU
)


def launch_chromium(playwright: Playwright) -> Browser:
    executable = next(path for name in _NAMES if (path := shutil.which(name)))
    return playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))
