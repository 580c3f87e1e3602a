from __future__ import annotations

import asyncio
import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

from tests.warum_api.notifying.happenings import finished, raised
from tests.warum_api.notifying.kept import Clock, Kept, subscribed
from tests.warum_api.notifying.receiver import Answer, receiving, status, statuses
from tests.warum_api.notifying.test_sending import HERE
from warum_api.notifying.delivering import Dispatcher
from warum_api.notifying.events import Event
from warum_api.notifying.publishing import Publisher
from warum_api.notifying.sending import Sender
from warum_api.notifying.signing import verify
from warum_api.notifying.subscriptions import Subscription


class Line:
    """Everything between an event and its receiver."""

    def __init__(self, *subscriptions: Subscription, seconds: float = 60.0) -> None:
        self.clock = Clock()
        self.kept = Kept(self.clock, *subscriptions)
        self.subscriptions, self.outbox = self.kept.subscriptions, self.kept.outbox
        self.publisher = Publisher(self.kept.database, clock=self.clock)
        self.dispatcher = Dispatcher(
            self.subscriptions,
            self.outbox,
            Sender(HERE, seconds=seconds),
            clock=self.clock,
            chance=lambda: 1.0,
        )

    def publish(self, *events: Event) -> None:
        with self.kept.database.writing() as connection:
            self.publisher.telling(*events)(connection)

    def send(self) -> int:
        return asyncio.run(self.dispatcher.send_due())

    def until_over(self) -> int:
        """Send again and again, the clock going on, until nothing waits; how many rounds."""
        rounds = 0
        while waiting := [d.next_at for d in self.kept.deliveries if d.state == "waiting"]:
            self.clock.now = max(self.clock.now, min(waiting))
            assert self.send()
            rounds += 1
        return rounds


def test_an_alert_is_delivered_signed() -> None:
    with receiving(status(200)) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(raised())
        assert line.send() == 1
        assert line.send() == 0
    (got,) = receiver.got
    body = json.loads(got.body)
    assert got.headers["Warum-Event"] == body["type"] == "alert.raised"
    assert got.headers["Warum-Delivery"] == body["id"]
    verify(got.headers["Warum-Signature"], got.body, ["whsec_one"], now=line.clock.now.timestamp())
    done = line.kept.only
    assert (done.state, done.attempts, done.status, done.body) == ("delivered", 1, 200, b"")


def test_the_same_event_is_told_once() -> None:
    with receiving(status(200)) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(raised(), raised())
        line.until_over()
        line.publish(raised())
        assert line.send() == 0
    assert len(receiver.got) == 1


def test_only_those_who_asked_are_told() -> None:
    with receiving(status(200)) as receiver:
        line = Line(
            subscribed(receiver.url, subscription_id="a", events=("job.failed",)),
            subscribed(receiver.url, subscription_id="b", project="another"),
            subscribed(receiver.url, subscription_id="c", tenant="else"),
            subscribed(receiver.url, subscription_id="d", project="shop"),
        )
        line.publish(finished())
        assert [d.subscription_id for d in line.kept.deliveries] == ["d"]


def test_what_fails_twice_arrives_the_third_time_with_the_same_id() -> None:
    with receiving(statuses(500, 500, 200)) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(finished())
        begun = line.clock.now
        assert line.send() == 1
        assert (line.kept.only.state, line.kept.only.problem) == ("waiting", "Answered 500.")
        assert line.send() == 0  # not before its time
        assert line.until_over() == 2
    assert line.clock.now == begun + timedelta(seconds=10 + 20)
    assert line.kept.only.attempts == 3
    assert len({json.loads(got.body)["id"] for got in receiver.got}) == 1
    assert len({got.body for got in receiver.got}) == 1
    # Each attempt is signed with its own time.
    assert len({got.headers["Warum-Signature"].partition(",")[0] for got in receiver.got}) == 3


def test_after_a_day_the_webhook_is_disabled_with_the_reason() -> None:
    with receiving(status(500)) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(finished(), raised())
        begun = line.clock.now
        line.until_over()
        disabled = line.kept.subscription().disabled
        assert disabled is not None
        assert disabled.at == begun + timedelta(hours=24)
        assert disabled.reason.startswith("Answered 500. (")
        assert "2026-03-01 12:00" in disabled.reason
        line.publish(finished("job_3"))
        assert line.send() == 0
    states = sorted(d.state for d in line.kept.deliveries)
    assert states == ["dropped", "failed"]
    assert all(d.body == b"" for d in line.kept.deliveries)
    assert len(receiver.got) < 25  # the second waited while the first failed


def test_a_receiver_that_is_gone_is_not_asked_again() -> None:
    with receiving(status(410)) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(finished())
        line.send()
        disabled = line.kept.subscription().disabled
    assert disabled is not None
    assert disabled.reason.startswith("Answered 410.")
    assert len(receiver.got) == 1


def test_one_body_that_is_never_taken_does_not_disable_a_living_receiver() -> None:
    def picky(_: int, handler: BaseHTTPRequestHandler) -> None:
        bad = handler.headers["Warum-Event"] == "alert.raised"
        status(422 if bad else 200)(1, handler)

    with receiving(picky) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(raised())
        line.send()
        line.publish(finished())
        line.until_over()
    assert sorted(d.state for d in line.kept.deliveries) == ["delivered", "failed"]
    assert line.kept.subscription().disabled is None


def test_while_a_secret_is_exchanged_both_sign() -> None:
    with receiving(status(200)) as receiver:
        old = subscribed(receiver.url)
        line = Line(old)
        new = old.rotated("whsec_two", line.clock.now, timedelta(hours=24))
        line.kept.replace(new)
        line.publish(finished())
        line.send()
        line.clock.forward(hours=25)
        line.publish(raised())
        line.send()
    during, after = (got.headers["Warum-Signature"] for got in receiver.got)
    now = line.clock.now.timestamp()
    verify(during, receiver.got[0].body, ["whsec_one"], now=now - 25 * 3600)
    verify(during, receiver.got[0].body, ["whsec_two"], now=now - 25 * 3600)
    verify(after, receiver.got[1].body, ["whsec_two"], now=now)
    assert after.count("v1=") == 1


def test_a_receiver_that_hangs_holds_up_no_other() -> None:
    released = threading.Event()
    hang: Answer = lambda _, handler: status(200)(1, handler) if released.wait(120) else None  # noqa: E731
    with receiving(hang) as slow, receiving(status(200)) as quick:
        line = Line(
            subscribed(slow.url, subscription_id="slow"),
            subscribed(quick.url, subscription_id="quick"),
            seconds=10.0,
        )
        line.publish(finished("1"), finished("2"), finished("3"))
        assert line.send() == 6
        released.set()
    assert len(quick.got) == 3
    assert len(slow.got) == 1  # the others wait for its next time
    waiting = [d for d in line.kept.deliveries if d.state == "waiting"]
    assert len({d.next_at for d in waiting}) == 1
    assert sorted(d.attempts for d in waiting) == [0, 0, 1]


def test_two_workers_do_not_send_the_same() -> None:
    with receiving(status(200)) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(finished("1"), finished("2"))

        async def both() -> list[int]:
            return await asyncio.gather(line.dispatcher.send_due(), line.dispatcher.send_due())

        assert sorted(asyncio.run(both())) == [0, 2]
    assert len(receiver.got) == 2


def test_a_removed_webhook_gets_nothing() -> None:
    with receiving(status(200)) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(finished())
        asyncio.run(line.subscriptions.remove("acme", "whk_1"))
        line.send()
    assert receiver.got == []
    assert line.kept.deliveries == []


def test_the_worker_stops_when_told() -> None:
    async def work(line: Line) -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(line.dispatcher.run(stop, idle_seconds=0.01))
        while line.kept.only.state == "waiting":
            await asyncio.sleep(0.01)
        stop.set()
        await asyncio.wait_for(working, 60)

    with receiving(status(200)) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(finished())
        asyncio.run(work(line))
    assert len(receiver.got) == 1


def test_a_worker_that_is_told_to_stop_gives_back_what_it_took() -> None:
    async def work(line: Line, stop: asyncio.Event, busy: threading.Event) -> None:
        working = asyncio.create_task(line.dispatcher.run(stop, idle_seconds=0.01))
        await asyncio.to_thread(busy.wait, 60)
        stop.set()
        await asyncio.wait_for(working, 60)

    busy, stop = threading.Event(), asyncio.Event()

    def slow(_: int, handler: BaseHTTPRequestHandler) -> None:
        busy.set()
        time.sleep(0.3)
        status(200)(1, handler)

    with receiving(slow) as receiver:
        line = Line(subscribed(receiver.url))
        line.publish(*(finished(str(i)) for i in range(5)))
        asyncio.run(work(line, stop, busy))
    states = [d.state for d in line.kept.deliveries]
    assert sorted(states) == ["delivered"] + ["waiting"] * 4
    assert line.kept.leased == 0
