"""Nouns check themselves once."""

import math
import string

import pytest

from warum.caveats import SENTENCES, Caveat
from warum.records import Estimate, Opinion


def test_an_estimate_holds_its_value() -> None:
    assert Estimate(1.0, 0.5, 1.5, 10, "mean-t").level == 0.95
    with pytest.raises(ValueError, match=r"2\.0\.\.3\.0 does not hold 1\.0"):
        Estimate(1.0, 2.0, 3.0, 10, "mean-t")


def test_an_estimate_may_withhold_its_interval() -> None:
    assert math.isnan(Estimate(1.0, math.nan, math.nan, 3, "none").low)


@pytest.mark.parametrize(("n", "level"), [(-1, 0.95), (5, 0.0), (5, 1.0)])
def test_an_estimate_refuses_impossible_numbers(n: int, level: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        Estimate(0.0, 0.0, 0.0, n, "x", level)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sentiment": 1.5},
        {"confidence": -0.1},
        {"polarity": "good"},
        {"start": 3, "end": 3},
        {"evidence": "longer than its span"},
    ],
)
def test_an_opinion_refuses_what_cannot_be(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "category": "wait_time", "sentiment": -0.5, "polarity": "negative", "confidence": 0.9,
        "start": 0, "end": 4, "evidence": "slow",
    }  # fmt: skip
    Opinion(**right)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"expected|does not fit"):
        Opinion(**(right | wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_caveat_speaks_both_languages_with_the_same_details(code: str) -> None:
    fields = {
        ui: {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for ui, text in SENTENCES[code].items()
    }
    assert fields["de"] == fields["en"]
    caveat = Caveat.of(code, **dict.fromkeys(fields["en"], 7))
    assert caveat.sentence("de") != caveat.sentence("en")


def test_a_caveat_refuses_unknown_codes_and_missing_details() -> None:
    with pytest.raises(ValueError, match="unknown caveat 'nonsense'"):
        Caveat("nonsense")
    with pytest.raises(ValueError, match="needs the detail 'n'"):
        Caveat("small_n")
