from __future__ import annotations

import math

import numpy as np
import pytest

from tests.warum.reasons.worlds import ORDINARY, Drawn, World, draw
from warum.errors import UsageError
from warum.occasions import Pair
from warum.reasons.level import estimate_drivers
from warum.reasons.shares import estimate_shares

PAIRS = ORDINARY.pairs


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return draw(ORDINARY, 800, np.random.default_rng(3))


def test_parts_add_up_and_stand_beside_the_signs(drawn: Drawn) -> None:
    rng = np.random.default_rng(1)
    controls = rng.random((800, 2)) < 0.3
    shares = estimate_shares(drawn.y, drawn.mentions, PAIRS, controls=controls)
    assert shares.controls + shares.explained + shares.unexplained == pytest.approx(1, abs=1e-12)
    assert math.fsum(row.share for row in shares.rows) == pytest.approx(shares.explained)
    whole = shares.adjusted_controls + shares.adjusted_explained + shares.adjusted_unexplained
    assert whole == pytest.approx(1, abs=1e-12)
    assert [row.category for row in shares.rows][:1] == ["topic_00"]
    assert sorted(row.category for row in shares.rows) == sorted({c for c, _ in PAIRS})
    fit = estimate_drivers(drawn.y, drawn.mentions, PAIRS, score="s", controls=controls)
    signs = {(d.category, d.polarity): int(np.sign(d.effect.value)) for d in fit.drivers}
    for row in shares.rows:
        assert row.error == 0
        for polarity, sign in row.signs:
            assert sign == signs[row.category, polarity]
        impact = sum(d.impact.value for d in fit.drivers if d.category == row.category)
        assert row.direction == np.sign(impact)
    assert shares.adjusted_explained == pytest.approx(fit.explained, abs=1e-9)
    assert shares.method == "lmg"
    assert sum(row.relative_weight for row in shares.rows) == pytest.approx(shares.explained)


def test_what_is_not_explained_is_that_of_statsmodels(drawn: Drawn) -> None:
    import statsmodels.api as sm

    weights = np.random.default_rng(2).uniform(0.5, 2, 800)
    shares = estimate_shares(drawn.y, drawn.mentions, PAIRS, weights=weights)
    model = sm.WLS(drawn.y, sm.add_constant(drawn.mentions.astype(float)), weights=weights).fit()
    assert shares.unexplained == pytest.approx(1 - model.rsquared)
    assert shares.adjusted_unexplained == pytest.approx(1 - model.rsquared_adj)


def test_what_chance_gives_is_taken_off() -> None:
    rng = np.random.default_rng(4)
    pairs: list[Pair] = [(f"c{j:02d}", "negative") for j in range(12)]
    plain, adjusted = [], []
    for _ in range(60):
        mentions = rng.random((150, 12)) < 0.2
        shares = estimate_shares(rng.normal(size=150), mentions, pairs)
        plain.append(shares.explained)
        adjusted.append(shares.adjusted_explained)
    assert np.mean(plain) == pytest.approx(12 / 149, abs=0.015)
    assert abs(np.mean(adjusted)) < 0.015


def test_known_shares_in_a_large_sample() -> None:
    """Independent mentions: a category's share is effect squared times variance, over all of it."""
    world = World(
        effects=(-60.0, 0.0, 30.0, 0.0), shares=(0.2, 0.3, 0.1, 0.1), themes=(0, 1, 2, 3),
        overlap=0.0, uneven=1.0, noise=50.0,
    )  # fmt: skip
    drawn = draw(world, 100_000, np.random.default_rng(5))
    shares = estimate_shares(drawn.y, drawn.mentions, world.pairs)
    parts = {"topic_00": 60**2 * 0.16, "topic_01": 30**2 * 0.09}
    total = sum(parts.values()) + 50**2
    for row in shares.rows:
        assert row.share == pytest.approx(parts[row.category] / total, abs=0.01)
    assert shares.unexplained == pytest.approx(50**2 / total, abs=0.01)


def test_many_categories_are_sampled_and_say_how_well() -> None:
    rng = np.random.default_rng(6)
    pairs: list[Pair] = [(f"c{j // 2:02d}", ("negative", "positive")[j % 2]) for j in range(36)]
    mentions = rng.random((600, 36)) < 0.1
    y = mentions @ rng.normal(size=36) + rng.normal(size=600)
    shares = estimate_shares(y, mentions, pairs, orders=400)
    assert (shares.method, shares.orders) == ("lmg-sampled", 400)
    assert all(0 < row.error < 0.01 for row in shares.rows)
    assert shares.controls + shares.explained + shares.unexplained == pytest.approx(1, abs=1e-12)
    mixed, columns = rng.permutation(600), rng.permutation(36)
    again = estimate_shares(
        y[mixed], mentions[mixed][:, columns], [pairs[k] for k in columns], orders=400
    )
    assert [row.category for row in again.rows] == [row.category for row in shares.rows]
    for one, other in zip(again.rows, shares.rows, strict=True):
        assert one.share == pytest.approx(other.share, abs=1e-9)


def test_what_is_mentioned_together_shares_by_convention() -> None:
    rng = np.random.default_rng(7)
    first = rng.random(500) < 0.3
    mentions = np.column_stack((first, first ^ (rng.random(500) < 0.01), rng.random(500) < 0.2))
    pairs: list[Pair] = [("app", "negative"), ("login", "negative"), ("staff", "negative")]
    y = -20.0 * first + rng.normal(size=500)
    shares = {row.category: row for row in estimate_shares(y, mentions, pairs).rows}
    assert [c.code for c in shares["app"].caveats] == ["shared_share"]
    assert "login" in shares["app"].caveats[0].sentence()
    assert "staff" not in shares["app"].caveats[0].sentence()
    assert shares["staff"].caveats == ()
    # Exactly alike: half each, without a sign, for the data do not tell it.
    mentions[:, 1] = first
    shares = {row.category: row for row in estimate_shares(y, mentions, pairs).rows}
    assert shares["app"].share == pytest.approx(shares["login"].share)
    assert shares["app"].signs == (("negative", 0),)
    assert shares["app"].direction == 0


def test_small_groups_are_left_out_and_too_many_columns_said() -> None:
    rng = np.random.default_rng(8)
    mentions = rng.random((200, 3)) < 0.3
    mentions[:, 1] = np.arange(200) < 8
    people = np.repeat(np.arange(100), 2)
    shares = estimate_shares(rng.normal(size=200), mentions, PAIRS[:3], people=people)
    assert {(row.category, p) for row in shares.rows for p, _ in row.signs} == {
        PAIRS[0],
        PAIRS[2],
    }
    pairs: list[Pair] = [(f"c{j:02d}", "negative") for j in range(30)]
    few = estimate_shares(rng.normal(size=30), rng.random((30, 30)) < 0.5, pairs, min_group=1)
    assert [c.code for c in few.caveats] == ["too_many_columns"]
    assert len(few.rows) == 19


@pytest.mark.parametrize(
    ("y", "code"), [(np.full(50, 1.0), "constant_score"), (np.arange(10.0), "few_scores")]
)
def test_too_little_data(y: np.ndarray, code: str) -> None:
    mentions = np.arange(len(y))[:, None] % 2 == 0
    shares = estimate_shares(y, mentions, PAIRS[:1])
    assert shares.rows == ()
    assert math.isnan(shares.unexplained)
    assert [caveat.code for caveat in shares.caveats] == [code]


def test_bad_input() -> None:
    mentions = np.zeros((30, 1), dtype=bool)
    assert estimate_shares(np.arange(30.0), mentions, PAIRS[:1]).rows == ()
    with pytest.raises(UsageError, match="not usable"):
        estimate_shares(np.arange(30.0), mentions, PAIRS[:1], weights=-np.ones(30))
    with pytest.raises(ValueError, match="1 columns of mentions for 2 pairs"):
        estimate_shares(np.arange(30.0), mentions, PAIRS[:2])
