"""Whatever is killed, every comment is analysed exactly once in the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.service.kills import Survived, row, survive

from tests.warum_api.databases import postgresql, why_no_postgresql


@contextmanager
def url_of(database: str) -> Iterator[str | None]:
    """The URL of a new database; None for SQLite."""
    if database == "sqlite":
        yield None
        return
    why_not = why_no_postgresql()
    if why_not:
        pytest.skip(f"no PostgreSQL: {why_not}")
    with postgresql() as url:
        yield url


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize(
    ("database", "comments", "kills"),
    [
        ("sqlite", 1_200, 3),
        pytest.param("postgresql", 1_200, 3, marks=pytest.mark.full),
        pytest.param("sqlite", 20_000, 50, marks=pytest.mark.full),
        pytest.param("postgresql", 20_000, 50, marks=pytest.mark.full),
    ],
)
def test_every_comment_is_analysed_exactly_once(
    tmp_path: Path, database: str, comments: int, kills: int
) -> None:
    with url_of(database) as url:
        found = survive(comments, kills, tmp_path, database=url)
    assert found.once, row(found, database)
    assert found.killed.total() == kills
    assert found.killed["service"] > 0
    assert found.killed["worker"] > 0


def test_the_line_tells_what_is_not_once() -> None:
    ids = ["r0", "r1", "r2"]
    well = Survived(3, Counter(worker=2), 5.0, ids, True, Counter(job_1=1, job_2=1))
    assert well.once
    assert "exactly once, the same result" in row(well, "SQLite")
    for bad in (
        replace(well, ids=["r0", "r1"]),
        replace(well, ids=[*ids, "r2"]),
        replace(well, same=False),
        replace(well, events=Counter(job_1=2, job_2=1)),
        replace(well, events=Counter(job_1=1)),
    ):
        assert not bad.once
        assert "NOT exactly once" in row(bad, "SQLite")
