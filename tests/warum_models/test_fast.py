"""The reader `fast`: what it keeps of the call before is what it would add up again, bit by bit."""

from __future__ import annotations

import threading
from dataclasses import fields

import numpy as np
import pytest

from warum_models.fast import FastReader
from warum_models.fast_sums import Sums
from warum_models.protocol import Label, Passage
from warum_models.shipped import load_fast

PASSAGES = (
    Passage("Sehr freundlich, aber die App stürzt ab.", "de", ((0, 15), (16, 40))),
    Passage("ok", "en", ((0, 2),)),
    Passage("Waited two hours. Nobody told us why!", "en", ((0, 17), (18, 37))),
    Passage("👍", "en", ()),
    Passage("Preis gut", "de", ((0, 9),)),
)


@pytest.fixture
def reader() -> FastReader:
    return load_fast([Label("price", "Price", "What it costs, value for money")])


def _same(ours: Sums, theirs: Sums) -> None:
    for field in fields(Sums):
        assert np.array_equal(getattr(ours, field.name), getattr(theirs, field.name)), field.name


@pytest.mark.parametrize("rows", [[0], [2, 0], [1, 3, 4], [0, 1, 2, 3, 4]])
def test_sums_of_some_of_the_last_comments(reader: FastReader, rows: list[int]) -> None:
    chosen = [PASSAGES[i] for i in rows]
    fresh = reader._added_up(chosen)
    reader.sums(PASSAGES)
    _same(reader.sums(chosen), fresh)


def test_others_are_added_up_anew(reader: FastReader) -> None:
    reader.sums(PASSAGES[:2])
    _same(reader.sums(PASSAGES[1:3]), reader._added_up(PASSAGES[1:3]))


def test_each_thread_keeps_its_own(reader: FastReader) -> None:
    expected = [reader._added_up([p]) for p in PASSAGES]
    wrong = list[str]()

    def work(i: int) -> None:
        for _ in range(30):
            reader.sums([PASSAGES[i]])
            try:
                _same(reader.sums([PASSAGES[i]]), expected[i])
            except AssertionError as error:
                wrong.append(str(error))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(PASSAGES))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
