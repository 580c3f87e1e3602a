"""Databases for tests: SQLite in a folder, and a real PostgreSQL of the distribution's on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

NewDatabase = Callable[[], str]
"""Gives the URL of a database of one's own, with all tables."""


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`; None if PostgreSQL is not installed."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    places = [Path(on_path)] if on_path else []
    return next((p.resolve().parent for p in [*found, *places] if p.exists()), None)


def why_no_postgresql() -> str | None:
    """None if a PostgreSQL can be started, else why not."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed (extra postgres)"
    if programs() is None:
        return "PostgreSQL is not installed (tests/system_packages.sh installs it where it may)"
    return None


@contextmanager
def postgresql() -> Iterator[str]:
    """A running PostgreSQL, as a user that is not root; gives the URL of its database `postgres`."""
    folder = tempfile.mkdtemp(prefix="warum-pg-")
    bin_, data = programs(), f"{folder}/data"
    assert bin_ is not None
    other: dict[str, Any] = {}
    if os.getuid() == 0:
        import pwd

        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
        other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    log = Path(f"{folder}/log")
    try:
        make = [str(bin_ / "initdb"), "-D", data, "-U", "warum", "-A", "trust", "-E", "UTF8"]
        with log.open("ab") as out:
            call = [*make, "--locale=C", "--no-sync"]
            done = subprocess.run(call, stdout=out, stderr=out, cwd=folder, **other)
        assert done.returncode == 0, log.read_text()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        options = ("fsync=off", "max_connections=50", "shared_buffers=16MB")
        serve = [
            str(bin_ / "postgres"),
            "-D",
            data,
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-k",
            folder,
        ]
        for option in options:
            serve += ["-c", option]
        # The shell waits for the end of its input, which comes also when this process is killed.
        guarded = ["sh", "-c", '"$@" & read _; kill -QUIT $!; wait', "sh", *serve]
        with (
            log.open("ab") as out,
            subprocess.Popen(
                guarded, stdin=subprocess.PIPE, stdout=out, stderr=out, cwd=folder, **other
            ) as running,
        ):
            assert running.stdin is not None
            try:
                _wait_for(port, log)
                yield f"postgresql://warum@127.0.0.1:{port}/postgres"
            finally:
                running.stdin.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, log: Path) -> None:
    import psycopg

    until = time.monotonic() + 60
    while True:
        try:
            address = f"host=127.0.0.1 port={port} user=warum dbname=postgres"
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        else:
            return


def new_sqlite(folder: Path) -> NewDatabase:
    """Databases in a folder, copies of one that was made once."""
    from warum_api.storing.database import Database
    from warum_api.storing.migrating import upgrade

    made = folder / "made.db"
    database = Database(f"sqlite:///{made}")
    upgrade(database)
    database.close()
    count = iter(range(1_000_000))

    def new() -> str:
        path = folder / f"{next(count)}.db"
        shutil.copy(made, path)
        return f"sqlite:///{path}"

    return new


def new_postgresql(url: str) -> NewDatabase:
    """Databases of a running PostgreSQL, copies of one that was made once."""
    from sqlalchemy import NullPool, create_engine, make_url

    from warum_api.storing.database import Database
    from warum_api.storing.migrating import upgrade

    server = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    count = iter(range(1_000_000))

    def create(name: str, more: str = "") -> str:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} {more}")
        return server.set(drivername="postgresql", database=name).render_as_string()

    database = Database(create("made"))
    upgrade(database)
    database.close()
    return lambda: create(f"t{next(count)}", "TEMPLATE made")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewDatabase]:
    """On SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        yield new_sqlite(tmp_path_factory.mktemp("databases"))
        return
    why_not = why_no_postgresql()
    if why_not:
        pytest.skip(f"no PostgreSQL: {why_not}")
    with postgresql() as url:
        yield new_postgresql(url)


@pytest.fixture
def database(new_database: NewDatabase) -> Iterator[Any]:
    """A database with all tables and nothing in them."""
    from warum_api.storing.database import Database

    made = Database(new_database())
    yield made
    made.close()
