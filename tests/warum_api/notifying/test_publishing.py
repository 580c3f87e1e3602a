"""Events are told together with what they tell of, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from tests.warum_api.notifying.happenings import finished, raised
from tests.warum_api.notifying.kept import Clock, Kept, subscribed
from warum_api.notifying.events import Event
from warum_api.notifying.publishing import Publisher
from warum_api.notifying.subscriptions import CommentTexts

HOOK = "http://127.0.0.1/"


class Texts:
    """Texts of comments, and how often they were asked for."""

    def __init__(self, *, broken: bool = False) -> None:
        self.asked = 0
        self._broken = broken

    def texts(self, tenant: str, project: str | None, comments: Sequence[str]) -> Mapping[str, str]:
        assert (tenant, project, comments[1]) == ("acme", "shop", "c0001")
        self.asked += 1
        if self._broken:
            raise OSError("SECRET")
        return {"c0001": "It crashes"}


def told(kept: Kept, *events: Event, texts: CommentTexts | None = None) -> None:
    publisher = Publisher(kept.database, texts, Clock())
    with kept.database.writing() as connection:
        publisher.telling(*events)(connection)


def test_texts_are_in_the_body_only_where_asked_for_and_named_for_erasure() -> None:
    hooks = (subscribed(HOOK, subscription_id=n, with_text=n == "full") for n in ("plain", "full"))
    kept, texts = Kept(Clock(), *hooks), Texts()
    told(kept, raised(), texts=texts)
    without, carrying = sorted(kept.deliveries, key=lambda d: d.quotes)
    assert texts.asked == 1
    assert b"crashes" not in without.body
    assert without.quotes == ()
    assert b"It crashes" in carrying.body
    assert carrying.quotes == ("c0001",)


def test_nobody_reads_texts_that_nobody_is_sent() -> None:
    texts = Texts()
    told(Kept(Clock(), subscribed(HOOK)), raised(), texts=texts)
    assert texts.asked == 0


def test_without_its_texts_an_event_is_told_by_ids() -> None:
    kept = Kept(Clock(), subscribed(HOOK, with_text=True))
    told(kept, raised(), texts=Texts(broken=True))
    assert b'"c0001"' in kept.only.body
    assert kept.only.quotes == ()


def test_an_event_goes_with_its_transaction() -> None:
    kept = Kept(Clock(), subscribed(HOOK))
    tell = Publisher(kept.database).telling(finished())

    def fails(connection: Connection) -> None:
        tell(connection)
        raise ConnectionError("killed")

    with pytest.raises(ConnectionError), kept.database.writing() as connection:
        fails(connection)
    assert kept.deliveries == []
    with kept.database.writing() as connection:
        tell(connection)
        tell(connection)
    assert kept.only.kind == "job.finished"


def test_who_asks_in_the_meantime_is_told_too() -> None:
    kept = Kept(Clock())
    tell = Publisher(kept.database).telling(finished())
    asyncio.run(kept.subscriptions.add(subscribed(HOOK)))
    with kept.database.writing() as connection:
        tell(connection)
    assert kept.only.kind == "job.finished"


def test_an_event_that_is_too_long_does_not_undo_what_it_tells_of() -> None:
    kept = Kept(Clock(), subscribed(HOOK))
    event = replace(finished(), data={"job": "x" * 100_000})
    told(kept, event, finished("other"))
    assert b"other" in kept.only.body
