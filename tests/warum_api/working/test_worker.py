"""A worker and what becomes of its jobs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from tests.warum_api.databases import new_sqlite
from warum.errors import InputError
from warum_api.notifying.publishing import Publisher
from warum_api.storing import tables
from warum_api.storing.database import Database
from warum_api.storing.deliveries import list_deliveries
from warum_api.storing.jobs import Job, cancel_job, job, list_jobs, submit_job
from warum_api.storing.leases import Leases
from warum_api.storing.tenants import ensure_tenant
from warum_api.storing.webhooks import Webhook, add_webhook
from warum_api.working.beating import Beat, Done
from warum_api.working.worker import Worker


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(new_sqlite(tmp_path)())
    with made.writing() as connection:
        ensure_tenant("a", connection)
    yield made
    made.close()


def submitted(database: Database) -> Job:
    with database.writing() as connection:
        return submit_job("a", connection, "sum", {"of": [1, 2]})


def now_is(database: Database, made: Job) -> Job:
    with database.reading() as connection:
        found = job("a", connection, made.id)
    assert found is not None
    return found


def worker(database: Database, do: Callable[[Job, Beat], Done], owner: str = "w") -> Worker:
    return Worker(Leases(database, owner, timedelta(seconds=2)), {"sum": do}, seconds=0.2)


def test_a_job_is_done_and_tells_how_far_it_is(database: Database) -> None:
    made = submitted(database)

    def do(job: Job, beat: Beat) -> Done:
        beat.tell(1, 2)
        assert (now_is(database, made).done, now_is(database, made).total) == (1, 2)
        return Done({"sum": sum(job.params["of"])})

    one = worker(database, do)
    assert one.run_one()
    assert not one.run_one()
    after = now_is(database, made)
    assert (after.state, after.result) == ("done", {"sum": 3})


def test_what_the_caller_did_wrong_fails_at_once(database: Database) -> None:
    made = submitted(database)

    def do(*_: object) -> Done:
        raise InputError("The file is empty.")

    worker(database, do).run_one()
    after = now_is(database, made)
    assert (after.state, after.error) == (
        "failed",
        {"code": "input", "detail": "The file is empty."},
    )


def test_what_may_pass_is_tried_again_and_its_message_is_not_told(database: Database) -> None:
    made = submitted(database)
    tries = []

    def do(*_: object) -> Done:
        tries.append(1)
        raise RuntimeError("SECRET text of a comment")

    one = worker(database, do)
    for _ in range(10):
        one.run_one()
        with database.writing() as connection:
            connection.execute(update(tables.jobs).values(due_at=made.created_at))
    after = now_is(database, made)
    assert (after.state, len(tries)) == ("failed", 5)
    assert "SECRET" not in str(after.error)


def test_a_cancelled_job_stops_at_its_next_word(database: Database) -> None:
    made = submitted(database)

    def do(_: Job, beat: Beat) -> Done:
        with database.writing() as connection:
            cancel_job("a", connection, made.id)
        beat.tell(1, 2)
        raise AssertionError

    worker(database, do).run_one()
    assert now_is(database, made).state == "cancelled"


def test_the_heart_beats_while_a_step_takes_long(database: Database) -> None:
    submitted(database)
    other = Leases(database, "other", timedelta(seconds=2))

    def do(*_: object) -> Done:
        threading.Event().wait(3)
        assert other.take(["sum"]) is None
        return Done({})

    worker(database, do).run_one()
    with database.reading() as connection:
        assert [one.state for one in list_jobs("a", connection)] == ["done"]


def told(database: Database) -> list[tuple[str, str]]:
    """The events that wait to be sent, with what became of the job of each when they were stored."""
    with database.reading() as connection:
        found = list_deliveries("a", connection, "whk_1")
    return [(one.event, json.loads(one.body)["data"].get("code", "")) for one in reversed(found)]


@pytest.fixture
def hooked(database: Database) -> Database:
    """With a webhook that is told of every job."""
    hook = Webhook(
        "whk_1", None, "https://example.org/", ({"value": "s", "until": None},),
        ("job.finished", "job.failed"), "json", "en", False, None, None, datetime.now(UTC),
    )  # fmt: skip
    with database.writing() as connection:
        add_webhook("a", connection, hook)
    return database


def test_a_job_and_its_event_are_stored_together(hooked: Database) -> None:
    made = submitted(hooked)
    queue = Leases(hooked, "w", timedelta(seconds=2))
    one = Worker(queue, {"sum": lambda *_: Done({})}, Publisher(hooked), seconds=0.2)

    class Killed(BaseException):
        """Nothing behind it is done."""

    def dies(connection: Connection) -> None:
        raise Killed

    dying = Worker(queue, {"sum": lambda *_: Done({}, also=dies)}, Publisher(hooked), seconds=0.2)
    with pytest.raises(Killed):
        dying.run_one()
    assert (now_is(hooked, made).state, told(hooked)) == ("running", [])
    queue.let_go()
    assert one.run_one()
    assert (now_is(hooked, made).state, told(hooked)) == ("done", [("job.finished", "")])


def test_what_is_given_up_is_told_however_it_ends(hooked: Database) -> None:
    def do(job: Job, _: Beat) -> Done:
        if job.params["of"]:
            raise InputError("The file is empty.")
        raise AssertionError("it is given up before")

    submitted(hooked)
    one = Worker(Leases(hooked, "w"), {"sum": do}, Publisher(hooked), seconds=0.2)
    one.run_one()
    with hooked.writing() as connection:
        submit_job("a", connection, "sum", {"of": []}, most_attempts=0)
    assert not one.run_one()
    assert told(hooked) == [("job.failed", "input"), ("job.failed", "workers_lost")]


def test_what_was_done_before_is_no_progress(database: Database) -> None:
    made = submitted(database)
    attempts = []

    def do(job: Job, beat: Beat) -> Done:
        for done in (0, 256, 512):  # kept by the first worker, and found again by each
            beat.tell(done, 1024)
        attempts.append(now_is(database, made).attempts)
        raise SystemExit  # the next part kills it

    queue = Leases(database, "w", timedelta(seconds=2))
    one = Worker(queue, {"sum": do}, seconds=0.2)
    for _ in range(9):
        with suppress(SystemExit):
            one.run_one()
        queue.let_go()
    after = now_is(database, made)
    assert (after.state, after.done, attempts) == ("failed", 512, [1, 2, 3, 4, 5])


def test_a_worker_that_leaves_lets_its_job_go(database: Database) -> None:
    made = submitted(database)

    def do(_: Job, beat: Beat) -> Done:
        leaving.leaving.set()
        beat.tell(1, 2)
        raise AssertionError

    leaving = worker(database, do)
    leaving.run()
    assert now_is(database, made).state == "queued"
    done = worker(database, lambda *_: Done({}), "next")
    done.run(idle=0.01, go_on=lambda waited: not waited)
    assert now_is(database, made).state == "done"
