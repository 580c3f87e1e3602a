"""What a cell says."""

from __future__ import annotations

import pytest

from warum.gold.cells import Names, UnreadableCellError, is_nothing, read_polarity
from warum.taxonomy import load_taxonomy

NAMES = Names.of(load_taxonomy())


@pytest.mark.parametrize(
    ("cell", "sides"),
    [
        ("negative", ("negative",)), ("Neg", ("negative",)), ("-1", ("negative",)), ("−1", ("negative",)),
        ("-1,0", ("negative",)), ("0", ("neutral",)), ("neutral", ("neutral",)), ("1.0", ("positive",)),
        ("+", ("positive",)), (" Positiv ", ("positive",)), ("mixed", ("negative", "positive")), ("", (None,)),
        (None, (None,)), ("none", (None,)),
    ],
)  # fmt: skip
def test_polarities(cell: str | None, sides: tuple[str | None, ...]) -> None:
    assert read_polarity(cell) == sides


@pytest.mark.parametrize("cell", ["angry", "7", "10", "?"])
def test_unknown_polarities(cell: str) -> None:
    with pytest.raises(UnreadableCellError, match="expected negative, neutral, positive"):
        read_polarity(cell)


@pytest.mark.parametrize(
    "name", ["wait_time", "Wait Time", "Waiting time", "wartezeit", " WAIT-TIME "]
)
def test_categories_by_code_and_title(name: str) -> None:
    assert NAMES.find(name) == "wait_time"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("wait_time;price.value", {("wait_time", None), ("price.value", None)}),
        ("wait_time | Staff attitude", {("wait_time", None), ("service.attitude", None)}),
        ("wait_time, price.value", {("wait_time", None), ("price.value", None)}),
        ("wait_time:negative; price.value:+", {("wait_time", "negative"), ("price.value", "positive")}),
        ('["wait_time", "general:-1"]', {("wait_time", None), ("general", "negative")}),
        ("['wait_time', 'general']", {("wait_time", None), ("general", None)}),
        ('[{"category": "general", "polarity": "positive"}]', {("general", "positive")}),
        ('{"general": "mixed"}', {("general", "negative"), ("general", "positive")}),
        ("[]", set()), ("", set()), (None, set()), ("none", set()), ("keine", set()),
    ],
)  # fmt: skip
def test_lists(cell: str | None, found: set[tuple[str, str | None]]) -> None:
    assert NAMES.read_list(cell) == found


@pytest.mark.parametrize(
    ("cell", "code", "said"),
    [
        ("wait_tme", "unknown_category", "'wait_time'"),
        ("wait_time;xyzzy", "unknown_category", "warum taxonomy show"),
        ("wait_time:angry", "unknown_polarity", "'angry'"),
        ("xyzzy:negative", "unknown_category", "xyzzy"),
        ("a: b", "unknown_category", "a: b"),
    ],
)
def test_unknown_parts_are_named(cell: str, code: str, said: str) -> None:
    with pytest.raises(UnreadableCellError, match=said) as caught:
        NAMES.read_list(cell)
    assert caught.value.code == code


def test_nothing_is_nothing() -> None:
    assert is_nothing(" None ")
    assert not is_nothing("general")
