"""A running service: real uvicorn on a free loopback port, with the model `fast`."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.warum_api.asking import Asked
from tests.warum_api.whole_service import whole

if TYPE_CHECKING:
    import httpx

MISSING = [
    name
    for name in (
        "fastapi", "uvicorn", "structlog", "prometheus_client", "sqlalchemy", "alembic", "limits", "httpx",
    )
    if find_spec(name) is None
]  # fmt: skip

__all__ = ["whole"]
Serving = Callable[..., AbstractContextManager["httpx.Client"]]


class _WithoutExtra(pytest.Module):
    def collect(self) -> Any:
        pytest.skip(f"needs warum[api]: {', '.join(MISSING)} missing", allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: Any) -> Any:
    return _WithoutExtra.from_parent(parent, path=module_path) if MISSING else None


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the data lie by default is below the working folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def ask(tmp_path: Path) -> Asked:
    """A service without a model."""
    from warum_api.app import create_app
    from warum_api.settings import Settings

    return Asked(create_app(Settings(model="nothing", data=tmp_path / "data")))


@contextmanager
def running(**settings: Any) -> Iterator[httpx.Client]:
    """A service with these settings, and a client for it that waits until it is ready."""
    import httpx
    import uvicorn

    from warum_api.app import create_app
    from warum_api.serving import options_of
    from warum_api.settings import Settings

    folder = tempfile.TemporaryDirectory()
    chosen = Settings(**{"model": "fast", "data": Path(folder.name), **settings})
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    config = uvicorn.Config(create_app(chosen), lifespan="on", **options_of(chosen))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            for _ in range(1200):
                if client.get("/health/ready").status_code == 200:
                    break
                time.sleep(0.05)
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
        folder.cleanup()


@pytest.fixture(scope="session")
def service() -> Iterator[httpx.Client]:
    """One service for all tests that only ask."""
    with running() as client:
        yield client


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Start a service with settings of one's own."""
    return running
