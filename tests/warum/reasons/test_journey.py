from __future__ import annotations

import numpy as np
import pytest

from warum.metrics import ScoreScale, estimate_metric
from warum.reasons.journey import Origins, Places, journey_rows

SCALE = ScoreScale("score", "mean", 0, 10)


def objects(values: list[str]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def places(rows: list[tuple[int, str, str, str, str, str, str]]) -> Places:
    columns = list(zip(*rows, strict=True))
    return Places(np.array(columns[0]), *(objects(list(column)) for column in columns[1:]))


ROWS = [
    *((i, "purchase", "digital", "given", "read", "ordering", "negative") for i in range(6)),
    *(
        (i, "purchase", "digital", "assumed", "assumed", "price.value", "positive")
        for i in range(4)
    ),
    *(
        (i, "retention", "product", "assumed", "assumed", "outcome", "positive")
        for i in range(6, 12)
    ),
    (-1, "advocacy", "product", "read", "read", "general", "positive"),
]
TINY = (12, "advocacy", "product", "read", "read", "general", "positive")
SCORES = np.arange(13.0) % 11


def test_cells_and_margins() -> None:
    rows, small = journey_rows(places(ROWS), SCORES, SCALE)
    by = {(row.stage, row.touchpoint): row for row in rows}
    assert list(by) == sorted(by)
    assert set(by) == {
        ("", ""), ("", "digital"), ("", "product"), ("purchase", ""), ("purchase", "digital"),
        ("retention", ""), ("retention", "product"),
    }  # fmt: skip
    assert small == 0
    cell = by["purchase", "digital"]
    assert (cell.opinions, cell.people, cell.metric.n) == (10, 6, 6)
    assert cell.metric == estimate_metric(SCORES[:6], SCALE)
    assert (cell.negative, cell.positive) == (0.6, 0.4)
    assert cell.stage_origins == Origins(given=6, read=0, assumed=4)
    assert cell.touchpoint_origins == Origins(given=0, read=6, assumed=4)
    # Only four people speak of the price: too few to be shown.
    assert cell.top == (("ordering", "negative", 6),)
    assert by["", ""].opinions == 16


def test_small_cells_are_hidden_and_with_them_what_would_tell_them() -> None:
    rows, small = journey_rows(places([*ROWS, TINY]), SCORES, SCALE)
    # One person speaks of advocacy, of the product: all minus the others would tell its score.
    shown = [(row.stage, row.touchpoint) for row in rows]
    assert shown == [("", ""), ("", "digital"), ("", "product"), ("retention", "")]
    assert small == 5


def test_a_place_mostly_assumed_says_so() -> None:
    rows, _ = journey_rows(places(ROWS), SCORES, SCALE)
    codes = {(r.stage, r.touchpoint): [c.code for c in r.caveats] for r in rows}
    assert codes["retention", "product"] == ["journey_assumed"]
    assert codes["purchase", "digital"] == []
    assert codes["", ""] == []


def test_people_are_counted() -> None:
    rows, small = journey_rows(places(ROWS), SCORES, SCALE, people=np.zeros(13, dtype=np.int64))
    assert (rows, small) == ((), 7)


def test_order_of_opinions_does_not_matter() -> None:
    assert journey_rows(places(ROWS[::-1]), SCORES, SCALE) == journey_rows(
        places(ROWS), SCORES, SCALE
    )


def test_bad_input() -> None:
    with pytest.raises(ValueError, match=r"occasions -1\.\.11, expected -1\.\.2"):
        journey_rows(places(ROWS), SCORES[:3], SCALE)
    with pytest.raises(ValueError, match="columns of opinions differ"):
        Places(np.zeros(1, dtype=int), *[objects(["a", "b"])] * 6)
