"""Databases and files, each kind of them."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.warum_api.databases import database, new_database

if TYPE_CHECKING:
    from warum_api.storing.files import Files

__all__ = ["database", "new_database"]


@pytest.fixture(scope="session")
def bucket() -> Iterator[dict[str, Any]]:
    """A bucket of moto's server, and how it is reached."""
    missing = [name for name in ("obstore", "moto", "flask") if find_spec(name) is None]
    if missing:
        pytest.skip(f"no S3: {', '.join(missing)} not installed")
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    made = urllib.request.Request(f"{address}/feedback", method="PUT")
    urllib.request.urlopen(made).close()
    yield {
        "endpoint": address, "access_key_id": "test", "secret_access_key": "test",
        "region": "us-east-1", "client_options": {"allow_http": True},
    }  # fmt: skip
    server.stop()


@pytest.fixture(params=["local", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """An empty place for files."""
    if request.param == "local":
        from warum_api.storing.local_files import LocalFiles

        return LocalFiles(tmp_path / "files")
    from warum_api.storing.bucket_files import BucketFiles

    config = request.getfixturevalue("bucket")
    return BucketFiles.of("feedback", tmp_path.name, **config)
