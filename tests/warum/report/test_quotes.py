from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.report.quotes import EXCERPT, choose_quotes, quotes_for
from warum.table import Table, strings

PAIR = ("wait_time", "negative")


def tables(
    texts: list[str | None], confidence: list[float], customers: list[str | None] | None = None
) -> tuple[Table, Table]:
    n = len(texts)
    ids = strings([f"c{i}" for i in range(n)])
    comments = Table(
        {
            "comment_id": ids,
            "customer": strings(customers or [None] * n),
            "text": strings(texts),
            "language": strings(["de"] * n),
        }
    )
    opinions = Table(
        {
            "comment_id": ids,
            "category": strings(["wait_time"] * n),
            "polarity": strings(["negative"] * n),
            "confidence": np.array(confidence),
            "start": np.zeros(n, dtype=np.int64),
            "end": np.array([min(4, len(text or "")) for text in texts]),
        }
    )
    return comments, opinions


def sentence(length: int, letter: str = "x") -> str:
    return (letter * 9 + " ") * (length // 10)


def test_medium_length_comes_before_confidence() -> None:
    comments, opinions = tables([sentence(20), sentence(110), sentence(900)], [0.99, 0.6, 0.99])
    assert choose_quotes(comments, opinions, [PAIR]) == {PAIR: ("c1", "c0", "c2")}


def test_then_the_surest_comes_first() -> None:
    comments, opinions = tables([sentence(110, "a"), sentence(110, "b")], [0.6, 0.9])
    assert choose_quotes(comments, opinions, [PAIR], most=1) == {PAIR: ("c1",)}


def test_a_person_and_a_wording_are_quoted_once() -> None:
    texts: list[str | None] = [sentence(110, letter) for letter in "abcc"]
    comments, opinions = tables(texts, [0.9, 0.8, 0.7, 0.6], ["X", "X", "Y", "Z"])
    assert choose_quotes(comments, opinions, [PAIR]) == {PAIR: ("c0", "c2")}


def test_nothing_said_gives_no_quote() -> None:
    comments, opinions = tables([None, ""], [0.9, 0.9])
    missing = ("delivery", "positive")
    chosen = choose_quotes(comments, opinions, [PAIR, missing])  # type: ignore[list-item]
    assert chosen == {PAIR: (), missing: ()}


@given(st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_of_rows(random: object) -> None:
    texts: list[str | None] = [sentence(40 + 10 * i, "abcdefgh"[i]) for i in range(8)]
    comments, opinions = tables(texts, [0.8] * 8)
    order = list(range(8))
    random.shuffle(order)  # type: ignore[attr-defined]
    index = np.array(order)
    assert choose_quotes(comments.take(index), opinions.take(index), [PAIR]) == choose_quotes(
        comments, opinions, [PAIR]
    )


@pytest.mark.parametrize("at", [0, 400, 1990])
def test_a_long_comment_is_cut_around_its_evidence(at: int) -> None:
    text = "wort " * 400
    comments, opinions = tables([text], [0.9])
    columns = {name: opinions[name] for name in opinions.columns}
    span = {"start": np.array([at]), "end": np.array([at + 4])}
    (quote,) = quotes_for(comments, Table({**columns, **span}), {PAIR: ("c0",)})[PAIR]
    (mark,) = quote.marks
    assert len(quote.text) <= EXCERPT
    assert quote.text == text[quote.offset : quote.offset + len(quote.text)]
    assert quote.text[mark.start : mark.end] == text[at : at + 4]
    assert quote.cut == (quote.offset + len(quote.text) < len(text))


def test_marks_count_code_points() -> None:
    comments, opinions = tables(["🙄🙄 wait"], [0.9])
    (quote,) = quotes_for(comments, opinions, {PAIR: ("c0",)})[PAIR]
    assert quote.text[quote.marks[0].start : quote.marks[0].end] == "🙄🙄 w"


def test_evidence_of_too_few_people_is_not_marked() -> None:
    comments, opinions = tables(["wait and dirt"], [0.9])
    columns = {name: opinions[name].tolist() for name in opinions.columns}
    two = Table(
        {
            "comment_id": strings(columns["comment_id"] * 2),
            "category": strings(["wait_time", "place.cleanliness"]),
            "polarity": strings(["negative"] * 2),
            "confidence": np.array([0.9, 0.9]),
            "start": np.array([0, 9]),
            "end": np.array([4, 13]),
        }
    )
    chosen = {PAIR: ("c0",)}
    (quote,) = quotes_for(comments, two, chosen, {PAIR})[PAIR]
    assert [mark.category for mark in quote.marks] == ["wait_time"]
    (quote,) = quotes_for(comments, two, chosen)[PAIR]
    assert len(quote.marks) == 2
