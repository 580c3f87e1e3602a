"""Numbers of jobs for Prometheus: all tenants together, none of them named."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import update

from tests.warum_api.storing.filled import fill
from warum_api.storing import tables
from warum_api.storing.counting import JobNumbers
from warum_api.storing.database import Database, now
from warum_api.storing.jobs import submit_job


def page(database: Database) -> str:
    registry = CollectorRegistry()
    registry.register(JobNumbers(database, ("analyze", "train")))
    return generate_latest(registry).decode()


def test_jobs_are_counted_by_kind_and_state(database: Database) -> None:
    assert 'warum_jobs{kind="train",state="failed"} 0.0' in page(database)
    with database.writing() as connection:
        for tenant in ("acme", "other"):
            fill(tenant, connection, "SECRET")  # each has a job that waits
        submit_job("acme", connection, "train", {})
    told = page(database)
    assert 'warum_jobs{kind="analyze",state="queued"} 2.0' in told
    assert 'warum_jobs{kind="train",state="queued"} 1.0' in told
    assert not any(name in told for name in ("acme", "other", "SECRET", "prj_", "job_0"))


def test_how_long_jobs_took(database: Database) -> None:
    with database.writing() as connection:
        fill("acme", connection)
        at = now(connection)
        for seconds in (3, 45):
            made = submit_job("acme", connection, "train", {})
            ended = {
                "state": "done",
                "started_at": at,
                "finished_at": at + timedelta(seconds=seconds),
            }
            connection.execute(
                update(tables.jobs).where(tables.jobs.c.id == made.id).values(**ended)
            )
    told = page(database)
    for line in (
        '_count{kind="train"} 2.0',
        '_bucket{kind="train",le="2.0"} 0.0',
        '_bucket{kind="train",le="5.0"} 1.0',
        '_bucket{kind="train",le="60.0"} 2.0',
    ):
        assert f"warum_job_seconds{line}" in told, told
    total = next(
        line for line in told.splitlines() if line.startswith('warum_job_seconds_sum{kind="train"}')
    )
    assert abs(float(total.split()[1]) - 48) < 0.01


def test_without_a_database_the_other_numbers_are_shown(database: Database) -> None:
    with database.writing() as connection:
        tables.jobs.drop(connection)
    assert "warum_jobs{" not in page(database)
