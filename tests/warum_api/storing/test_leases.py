"""Leases: one worker a job, and a dead one's job is taken by another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from warum_api.storing import leases, tables
from warum_api.storing.database import Database
from warum_api.storing.jobs import (
    Job,
    cancel_job,
    delete_jobs_before,
    job,
    restart_jobs,
    retry_job,
    submit_job,
)
from warum_api.storing.leases import Leases
from warum_api.storing.projects import add_project
from warum_api.storing.tenants import ensure_tenant


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC) + timedelta(minutes=1)

    def __call__(self, connection: Connection) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _submit(database: Database, count: int = 1, most_attempts: int = 3) -> list[Job]:
    with database.writing() as connection:
        ensure_tenant("a", connection)
        return [
            submit_job("a", connection, "analyze", {"i": i}, most_attempts=most_attempts)
            for i in range(count)
        ]


def _job(database: Database, job_id: str) -> Job:
    with database.reading() as connection:
        found = job("a", connection, job_id)
    assert found is not None
    return found


def test_the_seam_stays_small() -> None:
    assert len(Path(leases.__file__).read_text("utf-8").splitlines()) <= 150


def test_jobs_are_taken_once_in_the_order_in_which_they_came(
    database: Database, clock: Clock
) -> None:
    first, second = _submit(database, 2)
    one, two = Leases(database, "one", clock=clock), Leases(database, "two", clock=clock)
    assert one.take(["report"]) is None
    taken = one.take(["report", "analyze"])
    assert taken is not None
    assert (taken.id, taken.state, taken.attempts) == (first.id, "running", 1)
    other = two.take(["analyze"])
    assert other is not None
    assert other.id == second.id
    assert two.take(["analyze"]) is None


def test_a_finished_job_keeps_its_result_and_what_was_stored_with_it(
    database: Database, clock: Clock
) -> None:
    _submit(database)
    worker = Leases(database, "one", clock=clock)
    taken = worker.take(["analyze"])
    assert taken is not None
    assert worker.heartbeat(taken, 40, total=100) == "go on"
    assert (_job(database, taken.id).done, _job(database, taken.id).total) == (40, 100)
    assert worker.finish(
        taken, {"ok": 1}, also=lambda c: add_project("a", c, name="with it") and None
    )
    found = _job(database, taken.id)
    assert (found.state, found.result, found.error) == ("done", {"ok": 1}, None)
    assert found.finished_at == clock.at
    assert not worker.finish(taken, {"ok": 2})
    with database.reading() as connection:
        assert connection.execute(select(tables.projects.c.name)).scalars().all() == ["with it"]


def test_a_job_is_not_finished_if_what_belongs_to_it_cannot_be_stored(
    database: Database, clock: Clock
) -> None:
    _submit(database)
    worker = Leases(database, "one", clock=clock)
    taken = worker.take(["analyze"])
    assert taken is not None
    with pytest.raises(ZeroDivisionError):
        worker.finish(taken, {}, also=lambda _: print(1 / 0))
    assert _job(database, taken.id).state == "running"
    assert worker.heartbeat(taken, 1) == "go on"


def test_a_dead_workers_job_is_taken_and_the_dead_one_cannot_end_it(
    database: Database, clock: Clock
) -> None:
    _submit(database)
    dead, other = Leases(database, "dead", clock=clock), Leases(database, "other", clock=clock)
    lost = dead.take(["analyze"])
    assert lost is not None
    clock.pass_(29)
    assert dead.heartbeat(lost, 10) == "go on"
    clock.pass_(29)
    assert other.take(["analyze"]) is None
    clock.pass_(2)
    taken = other.take(["analyze"])
    assert taken is not None
    assert (taken.id, taken.attempts, taken.done) == (lost.id, 2, 10)
    assert dead.heartbeat(lost, 11) == "lost"
    assert not dead.finish(lost, {})
    assert not dead.fail(lost, {"code": "x"})
    assert other.finish(taken, {"by": "other"})
    assert _job(database, lost.id).result == {"by": "other"}


def test_a_job_that_kills_its_workers_is_given_up_and_one_that_gets_on_is_not(
    database: Database, clock: Clock
) -> None:
    poison, good = _submit(database, 2, most_attempts=3)
    worker = Leases(database, "one", clock=clock)
    for step in range(1, 12):
        while (taken := worker.take(["analyze"])) is not None:
            if taken.id == good.id:
                assert worker.heartbeat(taken, step) == "go on"
        clock.pass_(31)
    assert _job(database, poison.id).state == "failed"
    assert (_job(database, poison.id).error or {})["code"] == "workers_lost"
    assert _job(database, good.id).state == "running"


def test_a_failed_attempt_is_repeated_later_and_not_for_ever(
    database: Database, clock: Clock
) -> None:
    (only,) = _submit(database, most_attempts=2)
    worker = Leases(database, "one", clock=clock)
    taken = worker.take(["analyze"])
    assert taken is not None
    assert worker.fail(taken, {"code": "busy"}, again=timedelta(seconds=10))
    assert worker.take(["analyze"]) is None
    clock.pass_(11)
    taken = worker.take(["analyze"])
    assert taken is not None
    assert worker.fail(taken, {"code": "busy"}, again=timedelta(seconds=10))
    assert (_job(database, only.id).state, _job(database, only.id).error) == (
        "failed", {"code": "busy"},
    )  # fmt: skip
    with database.writing() as connection:
        again = retry_job("a", connection, only.id)
    assert again is not None
    assert (again.state, again.attempts, again.error) == ("queued", 0, None)


def test_cancelling(database: Database, clock: Clock) -> None:
    waiting, running, dying = _submit(database, 3)
    with database.writing() as connection:
        found = cancel_job("a", connection, waiting.id)
        assert found is not None
        assert found.state == "cancelled"
    worker = Leases(database, "one", clock=clock)
    one, two = worker.take(["analyze"]), worker.take(["analyze"])
    assert one is not None
    assert two is not None
    assert [one.id, two.id] == [running.id, dying.id]
    with database.writing() as connection:
        cancel_job("a", connection, running.id)
        cancel_job("a", connection, dying.id)
    assert worker.heartbeat(one, 1) == "cancelled"
    assert worker.fail(one, {"code": "cancelled"}, again=timedelta(1))
    assert _job(database, running.id).state == "cancelled"
    clock.pass_(31)
    assert worker.take(["analyze"]) is None  # the one whose worker died
    assert _job(database, dying.id).state == "cancelled"


def test_a_worker_that_ends_lets_go(database: Database, clock: Clock) -> None:
    _submit(database, 2)
    ending, other = Leases(database, "ending", clock=clock), Leases(database, "other", clock=clock)
    assert ending.take(["analyze"]) is not None
    assert other.take(["analyze"]) is not None
    assert ending.let_go() == 1
    assert other.take(["analyze"]) is not None
    assert ending.let_go("other") == 2


def test_erased_comments_have_unfinished_jobs_begin_anew(database: Database, clock: Clock) -> None:
    with database.writing() as connection:
        ensure_tenant("a", connection)
        here = add_project("a", connection, name="p").id
        submit_job("a", connection, "analyze", {}, project=here)
        ended = submit_job("a", connection, "analyze", {}, project=here)
        cancel_job("a", connection, ended.id)
    worker = Leases(database, "one", clock=clock)
    lost = worker.take(["analyze"])
    assert lost is not None
    worker.heartbeat(lost, 7)
    with database.writing() as connection:
        assert restart_jobs("a", connection, here) == (lost.id,)
    assert worker.heartbeat(lost, 8) == "lost"
    taken = worker.take(["analyze"])
    assert taken is not None
    assert (taken.id, taken.generation, taken.done) == (lost.id, 1, 0)
    assert not worker.finish(lost, {})  # the same worker, but what it read before
    assert worker.finish(taken, {})
    with database.writing() as connection:
        gone = delete_jobs_before("a", connection, clock.at + timedelta(1))
    assert set(gone) == {lost.id, ended.id}


WORKER = """
import sys, time
from datetime import timedelta
from sqlalchemy import insert
from warum_api.storing import tables
from warum_api.storing.audit_log import note_event
from warum_api.storing.database import Database
from warum_api.storing.leases import Leases
owner = sys.argv[2]
worker = Leases(Database(sys.argv[1]), owner, timedelta(seconds=1.5))
print("ready", flush=True)
while (job := worker.take(["analyze"])) is not None or not worker.database.missing():
    if job is None:
        time.sleep(0.05)
        continue
    print(job.id, flush=True)
    for done in range(5):
        time.sleep(0.01)
        if worker.heartbeat(job, done) != "go on":
            break
    else:
        worker.finish(job, {"by": owner}, also=lambda c: note_event(
            job.tenant, c, "exported", who=owner, thing=job.id))
"""


def test_killed_workers_lose_no_job_and_do_none_twice(database: Database) -> None:
    jobs_ = {one.id for one in _submit(database, 30)}
    url = database.url.render_as_string(hide_password=False)

    def start(owner: str) -> subprocess.Popen[str]:
        call = [sys.executable, "-c", WORKER, url, owner]
        return subprocess.Popen(call, stdout=subprocess.PIPE, text=True)

    def ended() -> int:
        with database.reading() as connection:
            query = select(tables.jobs.c.id).where(tables.jobs.c.state == "done")
            return len(connection.execute(query).all())

    workers = [start("w0"), start("w1")]
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            worker.stdout.readline()  # it has a job
        os.kill(workers[0].pid, signal.SIGKILL)
        workers[0].wait()
        workers.append(start("w2"))
        until = time.monotonic() + 60
        while ended() < len(jobs_) and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    with database.reading() as connection:
        log = connection.execute(select(tables.audit_log.c.thing, tables.audit_log.c.who)).all()
        owners = connection.execute(select(tables.jobs.c.id, tables.jobs.c.attempts)).all()
    assert Counter(thing for thing, _ in log) == dict.fromkeys(jobs_, 1)
    assert "w1" in {who for _, who in log}
    assert len(owners) == len(jobs_)
