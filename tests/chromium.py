"""Real Chromium for tests of pages; where it is missing they are skipped and say so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path_of_chromium() -> str | None:
    """Where Chromium is; None where there is none."""
    named = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, named)), None)
    return found or ("/usr/bin/chromium" if os.access("/usr/bin/chromium", os.X_OK) else None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of a module."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = path_of_chromium()
    if path is None:
        pytest.skip("no Chromium found: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds on a page."""
    axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core is not installed")
    found: list[dict[str, Any]] = axe.Axe().run(page)["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]
