"""Krippendorff's alpha against his own worked examples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from warum.audit.agreement import ALL, agreement, krippendorff_alpha

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections A to C.
MEG = "0100000010"
OWEN = "1110010000"


def codes(*rows: str) -> np.ndarray:
    """Labels of each person, one character a unit, "." where missing."""
    return np.array([[-1 if c == "." else ord(c) - ord("0") for c in row] for row in rows])


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        pytest.param((MEG, OWEN), 0.095, id="binary, two people"),
        pytest.param(("aabbdcccedda", "babbbcccedd" + "d"), 0.692, id="nominal, two people"),
        pytest.param(
            ("123321412...", "1233224125.3", ".3332342251.", "1233244125 1.".replace(" ", "")),
            0.743,
            id="nominal, four people, labels missing",
        ),
    ],
)
def test_published_examples(rows: tuple[str, ...], alpha: float) -> None:
    assert krippendorff_alpha(codes(*rows)) == pytest.approx(alpha, abs=5e-4)


def test_bounds() -> None:
    assert krippendorff_alpha(codes("0101", "0101")) == 1
    assert krippendorff_alpha(codes("0011", "1100")) < 0
    assert math.isnan(krippendorff_alpha(codes("000", "000")))
    assert math.isnan(krippendorff_alpha(codes("01.", "..1")))  # nobody labelled the same unit


def _labels(seed: int, slips: float) -> list[dict[str, frozenset[tuple[str, str | None]]]]:
    rng = np.random.default_rng(seed)
    people: list[dict[str, frozenset[tuple[str, str | None]]]] = [{}, {}]
    for i in range(300):
        truth = {
            (c, s)
            for c in ("wait", "staff")
            for s in ("negative", "positive")
            if rng.random() < 0.2
        }
        for person in people:
            seen = {j for j in truth if rng.random() > slips}
            person[f"c{i}"] = frozenset(seen)
    return people


def test_per_category_and_overall() -> None:
    people = _labels(1, 0.1)
    found = {row.category: row for row in agreement(people, ("wait", "staff", "price"))}
    assert list(found) == [ALL, "wait", "staff"]  # nobody saw a price
    for row in found.values():
        assert row.alpha.low < row.alpha.value < row.alpha.high
        assert row.alpha.n == 300
        assert 0.7 < row.alpha.value < 0.95
    # The same, value by value.
    said = [[sorted(s for c, s in p[i] if c == "wait") for i in sorted(p)] for p in people]
    kinds = sorted({tuple(s) for row in said for s in row})
    values = np.array([[kinds.index(tuple(s)) if len(s) < 2 else 90 for s in row] for row in said])
    assert found["wait"].alpha.value == pytest.approx(krippendorff_alpha(values))


def test_little_agreement_is_said() -> None:
    (overall, *_) = agreement(_labels(2, 0.7), ("wait", "staff"))
    assert [c.code for c in overall.alpha.caveats] == ["low_agreement"]
    assert agreement(_labels(2, 0.7), ("wait", "staff"))[0] == overall  # seeded


def test_only_what_both_labelled_counts() -> None:
    one, two = _labels(3, 0.1)
    fewer = dict(list(two.items())[:100])
    assert agreement([one, fewer], ("wait", "staff"))[0].alpha.n == 100
    nobody = agreement([one, {}], ("wait", "staff"))
    assert [row.category for row in nobody] == [ALL]
    assert math.isnan(nobody[0].alpha.value)
    with pytest.raises(ValueError, match="at least 2"):
        agreement([one], ("wait",))


def test_the_interval_covers() -> None:
    """Of many samples of 120 comments, about 95 % of the intervals hold the alpha of all comments."""
    rng = np.random.default_rng(4)
    n, runs = 120, 100
    truth = krippendorff_alpha(_noisy(rng, 400_000))
    held = 0
    for seed in range(runs):
        values = _noisy(rng, n)
        people = [
            {str(i): frozenset({("a", "negative")} if v else ()) for i, v in enumerate(row)}
            for row in values.tolist()
        ]
        alpha = agreement(people, ("a",), seed=seed)[0].alpha
        held += alpha.low <= truth <= alpha.high
    assert abs(held / runs - 0.95) < 3.5 * math.sqrt(0.95 * 0.05 / runs)


def _noisy(rng: np.random.Generator, n: int) -> np.ndarray:
    truth = rng.random(n) < 0.3
    return np.array([truth ^ (rng.random(n) < 0.1) for _ in range(2)]).astype(np.int64)
