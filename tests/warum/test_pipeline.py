"""The pipeline keeps order, counts batches and knows only what a stage is."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from operator import methodcaller

import pytest

from warum.pipeline import run
from warum.records import Comment, ReadComment
from warum.stages.language import DetectLanguage
from warum.stages.nonanswer import DropNonAnswers
from warum.stages.orientation import ReadOrientation
from warum.stages.protocol import Stage
from warum.stages.redaction import Redact
from warum.stages.segments import SplitSegments
from warum.workers import Start

START: Start = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
TEXTS = (
    "Essen super, aber der Service war lahm.",
    "Great staff | but slow. Call 030 23125118!",
    "n/a",
    None,
    "\ud800 half 👍🏽\nnext line",
    "Le service était lent",
)
COMMENTS = [
    Comment(f"c{at}", TEXTS[at % len(TEXTS)], at + 1, question="What was good?")
    for at in range(100)
]
# Workers make their own: what they call must stand in a module that they can import.
MAKE: Callable[[], Sequence[Stage]] = partial(
    tuple, [DropNonAnswers(), Redact(), DetectLanguage("en"), ReadOrientation(), SplitSegments()]
)
MAKE_LIGHT: Callable[[], Sequence[Stage]] = partial(
    tuple, [DropNonAnswers(), Redact(), ReadOrientation()]
)


class Mark:
    """Writes its name into the warnings."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        return [replace(c, warnings=(*c.warnings, self.name)) for c in batch]


def test_stages_run_in_order_over_batches() -> None:
    comments = [Comment(str(i), "x", i) for i in range(10)]
    seen: list[int] = []
    read = list(run(iter(comments), [Mark("one"), Mark("two")], batch_size=4, on_batch=seen.append))
    assert [c.comment for c in read] == comments
    assert {c.warnings for c in read} == {("one", "two")}
    assert seen == [4, 4, 2]


def test_nothing_in_nothing_out() -> None:
    assert list(run([], [Mark("one")])) == []
    assert list(run([], MAKE, workers=2)) == []


def test_stages_may_be_made_when_they_are_needed() -> None:
    (read,) = run(COMMENTS[:1], lambda: [Mark("made")])
    assert read.warnings == ("made",)


@pytest.mark.parametrize(("start", "make"), [(START, MAKE), ("spawn", MAKE_LIGHT)])
def test_workers_read_the_same(start: Start, make: Callable[[], Sequence[Stage]]) -> None:
    seen: list[int] = []
    here = list(run(COMMENTS, make))
    there = list(
        run(
            iter(COMMENTS),
            make,
            batch_size=7,
            on_batch=seen.append,
            workers=2,
            parallel_from=1,
            start=start,
        )
    )
    assert repr(there) == repr(here)  # a NaN equals nothing
    assert all(read.comment is comment for read, comment in zip(there, COMMENTS, strict=True))
    assert seen == [7] * 14 + [2]
    assert multiprocessing.active_children() == []


def test_few_comments_are_read_in_this_process() -> None:
    made: list[str] = []

    def make() -> list[Mark]:  # not to be pickled: a worker would refuse it
        made.append("here")
        return [Mark("one")]

    read = list(run(COMMENTS[:5], make, workers=2, parallel_from=6))
    assert [c.comment for c in read] == COMMENTS[:5]
    assert made == ["here"]


def test_comments_are_taken_when_there_is_time_for_them() -> None:
    taken: list[int] = []

    def comments() -> Iterator[Comment]:
        for at in range(1000):
            taken.append(at)
            yield Comment(str(at), "Good", at)

    reading = run(comments(), MAKE, batch_size=5, workers=2, parallel_from=10, start=START)
    next(reading)
    assert len(taken) <= 30
    reading.close()  # type: ignore[attr-defined] # a generator
    assert multiprocessing.active_children() == []


def test_what_a_stage_raises_in_a_worker_is_raised_here() -> None:
    make = partial(tuple, [methodcaller("read_it")])
    reading = run(COMMENTS, make, workers=2, parallel_from=1, start=START)
    with pytest.raises(AttributeError, match="'list' object has no attribute 'read_it'"):
        list(reading)
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    ("workers", "stages", "message"),
    [
        (0, MAKE, "workers is 0, expected at least 1"),
        (2, MAKE(), "workers is 2, expected 1 unless stages is a function that makes them"),
    ],
)
def test_workers_that_cannot_be(workers: int, stages: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        list(run(COMMENTS, stages, workers=workers))  # type: ignore[arg-type]
