"""A running service with something behind every route: a project that is analysed, a webhook, an adapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from tests.warum_api.databases import postgresql, why_no_postgresql
from tests.warum_api.example_rows import COLUMNS, rows

if TYPE_CHECKING:
    import httpx

    from warum_api.settings import Settings
    from warum_api.working.worker import Worker

ROWS = 150


@dataclass(frozen=True)
class Whole:
    """A running service.

    Attributes:
        client: Asks it, with its key.
        key: The key; None where none is needed.
        ids: What stands in paths: `project`, `upload`, and so on.
    """

    client: httpx.Client
    key: str | None
    ids: Mapping[str, str]

    @property
    def url(self) -> str:
        return str(self.client.base_url).rstrip("/")


@contextmanager
def whole_service(folder: Path, **given: Any) -> Iterator[Whole]:
    """The service; jobs are done before it is handed over, and none afterwards."""
    from tests.warum_api.conftest import running
    from warum_api.guarding.guard import Limits
    from warum_api.settings import Settings

    how = {"model": "fast", "jobs": False, "rate_limit": "1000000/minute", "data": folder, **given}
    settings = Settings(**how)
    key = _new_key(settings) if settings.auth == "keys" else None
    # Who tries many wrong keys is told to wait; here that would hide whether each is refused.
    patient = partial(Limits, failures="1000000/minute")
    with patch("warum_api.guarding.guard.Limits", patient), running(**how) as client:
        if key is not None:
            client.headers["Authorization"] = f"Bearer {key}"
        yield Whole(client, key, _filled(client, settings))


@pytest.fixture(scope="session", params=["off", "keys"])
def whole(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Whole]:
    """Without keys on SQLite; with keys on PostgreSQL, where it is installed."""
    with ExitStack() as stack:
        given = {}
        if request.param == "keys" and why_no_postgresql() is None:
            given["database_url"] = stack.enter_context(postgresql())
        folder = tmp_path_factory.mktemp("service")
        yield stack.enter_context(whole_service(folder, auth=request.param, **given))


def _new_key(settings: Settings) -> str:
    from warum_api.guarding.keys import create_key
    from warum_api.storing.opening import open_database
    from warum_api.storing.tenants import ensure_tenant

    database = open_database(settings)
    with database.writing() as connection:
        ensure_tenant("acme", connection)
        made = create_key(
            "acme", connection, name="k", scopes=["read", "write", "admin"], who="test"
        )
    database.close()
    return made.text


def _filled(client: httpx.Client, settings: Settings) -> dict[str, str]:
    """Make what the routes speak of; the ids by what they are called in paths."""
    columns = {**COLUMNS, "date": "date", "id": "response_id"}
    project = _made(client, "/v1/projects", {"name": "p", "columns": columns})
    path, data = f"/v1/projects/{project}", rows(ROWS)
    upload = _made(client, f"{path}/uploads", {"name": "x.csv", "size": len(data)})
    client.patch(f"{path}/uploads/{upload}", content=data, headers={"Upload-Offset": "0"})
    with _worker(settings) as worker:
        for kind in ({"kind": "analyze"}, {"kind": "why", "question": {"draws": 200}}):
            job = _made(client, f"{path}/jobs", kind)
            assert worker.run_one()
            assert client.get(f"/v1/jobs/{job}").json()["state"] == "done"
    hook = {"url": "https://203.0.114.7/x", "events": ["job.failed"]}
    return {
        "project": project,
        "upload": upload,
        "job": _made(client, f"{path}/jobs", {"kind": "analyze"}),
        "version": "current",
        "webhook": _made(client, "/v1/webhooks", hook),
        "adapter": _made(client, "/v1/adapters", {"name": "f", "tool": "freshdesk"}),
        "audit": _made(client, f"{path}/audits", {"labels": 20}),
        "comment": "r1",
    }


@contextmanager
def _worker(settings: Settings) -> Iterator[Worker]:
    from warum_api.storing.leases import Leases
    from warum_api.storing.opening import open_database, open_storage
    from warum_api.working.room import handlers_of
    from warum_api.working.worker import Worker

    database, files = open_database(settings), open_storage(settings)
    yield Worker(Leases(database, "test"), handlers_of(settings, database, files))
    database.close()


def _made(client: httpx.Client, path: str, asked: Mapping[str, Any]) -> str:
    answer = client.post(path, json=asked)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])
