"""People who look at pages. The services are made once: each test has a project or a tenant of its own."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import browser
from tests.warum_api.pages.analysed import analysed
from tests.warum_api.pages.browsing import Browser, Keyed, new_app

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["analysed", "browser"]
_NUMBERS = count()


@pytest.fixture(scope="session")
def open_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """A service without keys."""
    return new_app(tmp_path_factory.mktemp("open"), rate_limit="100000/minute")


@pytest.fixture(scope="session")
def keyed_service(tmp_path_factory: pytest.TempPathFactory) -> tuple[FastAPI, Path]:
    """A service with keys, and where its data lie."""
    folder = tmp_path_factory.mktemp("keyed")
    return new_app(folder, auth="keys", rate_limit="100000/minute"), folder


@pytest.fixture
def visitor(open_app: FastAPI) -> Browser:
    """Somebody at a service without keys."""
    return Browser(open_app)


@pytest.fixture
def keyed(keyed_service: tuple[FastAPI, Path]) -> Keyed:
    """Somebody at a service with keys, who has none yet; of a tenant of their own."""
    app, folder = keyed_service
    return Keyed(app, folder, f"tenant-{next(_NUMBERS)}")
