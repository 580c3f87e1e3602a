from __future__ import annotations

import math

import numpy as np
import pytest

from tests.warum.reasons.worlds import Drawn, World, draw
from warum.occasions import Pair
from warum.reasons.asymmetry import Asymmetries, Asymmetry, estimate_asymmetry

# basic, performance, excitement, nothing, a reward between one and two penalties
WORLD = World(
    effects=(-60.0, 5.0, -40.0, 40.0, -5.0, 60.0, 0.0, 0.0, -30.0, 40.0),
    shares=(0.15, 0.15, 0.12, 0.2, 0.1, 0.1, 0.1, 0.1, 0.15, 0.15),
    themes=(0, 0, 1, 1, 2, 2, 3, 3, 4, 4),
    overlap=0.2,
)
NAMES = ("topic_00", "topic_01", "topic_02", "topic_03", "topic_04")


def kinds(found: Asymmetries) -> dict[str, str]:
    return {row.category: row.kind for row in found.rows}


def by_name(found: Asymmetries, name: str) -> Asymmetry:
    return next(row for row in found.rows if row.category == name)


@pytest.fixture(scope="module")
def large() -> Drawn:
    return draw(WORLD, 20_000, np.random.default_rng(1))


def test_kinds_in_a_large_sample(large: Drawn) -> None:
    found = estimate_asymmetry(large.y, large.mentions, WORLD.pairs, score="s")
    assert kinds(found) == {
        "topic_00": "basic",
        "topic_01": "performance",
        "topic_02": "excitement",
        "topic_03": "undecided",
        "topic_04": "performance",
    }
    sizes = [abs(row.contrast.value) for row in found.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert found.one_sided == ()
    assert 0.95 < found.level < 1
    for row in found.rows:
        assert row.contrast.value == pytest.approx(row.penalty.value - row.reward.value)
        assert row.deciding.value == row.contrast.value
        assert row.deciding.high >= row.contrast.high


def test_the_contrast_is_that_of_statsmodels() -> None:
    import statsmodels.api as sm

    drawn = draw(WORLD, 400, np.random.default_rng(2))
    weights = np.random.default_rng(3).uniform(0.5, 2, 400)
    found = estimate_asymmetry(drawn.y, drawn.mentions, WORLD.pairs, score="s", weights=weights)
    model = sm.WLS(drawn.y, sm.add_constant(drawn.mentions.astype(float)), weights=weights)
    reference = model.fit(cov_type="HC3")
    ask = np.zeros(11)
    ask[[1, 2]] = -1
    tested = reference.t_test(ask)
    row = by_name(found, "topic_00")
    assert row.contrast.value == pytest.approx(float(tested.effect[0]))
    error = float(tested.sd[0, 0])
    assert (row.contrast.high - row.contrast.value) / error == pytest.approx(1.96, abs=0.1)
    assert row.penalty.value == pytest.approx(-reference.params[1])
    assert row.reward.value == pytest.approx(reference.params[2])
    assert (row.complaints, row.praises) == tuple(drawn.mentions[:, :2].sum(axis=0))


def test_small_samples_decide_little() -> None:
    drawn = draw(WORLD, 150, np.random.default_rng(4))
    found = estimate_asymmetry(drawn.y, drawn.mentions, WORLD.pairs, score="s")
    assert "performance" not in kinds(found).values()
    assert any(caveat.code == "small_n" for row in found.rows for caveat in row.caveats)


def test_where_lower_is_better() -> None:
    drawn = draw(WORLD, 3_000, np.random.default_rng(5))
    up = estimate_asymmetry(drawn.y, drawn.mentions, WORLD.pairs, score="s")
    down = estimate_asymmetry(
        -drawn.y, drawn.mentions, WORLD.pairs, score="s", lower_is_better=True
    )
    assert kinds(up) == kinds(down)
    assert by_name(down, "topic_00").penalty.value == pytest.approx(
        by_name(up, "topic_00").penalty.value
    )


def test_only_praise_is_no_contrast() -> None:
    drawn = draw(WORLD, 400, np.random.default_rng(6))
    mentions = drawn.mentions.copy()
    mentions[:, 1] = False
    pairs: list[Pair] = list(WORLD.pairs)
    pairs[2], pairs[3] = ("topic_01", "neutral"), ("topic_01", "positive")
    found = estimate_asymmetry(drawn.y, mentions, pairs, score="s")
    assert found.one_sided == ("topic_00", "topic_01")
    assert {row.category for row in found.rows} == set(NAMES[2:])


def test_what_cannot_be_told_apart_is_undecided() -> None:
    drawn = draw(WORLD, 400, np.random.default_rng(7))
    mentions = drawn.mentions.copy()
    mentions[:, 2] = mentions[:, 0]
    found = estimate_asymmetry(drawn.y, mentions, WORLD.pairs, score="s")
    row = by_name(found, "topic_00")
    assert row.kind == "undecided"
    assert math.isnan(row.contrast.value)
    assert math.isnan(row.p_value)
    assert "collinear" in {caveat.code for caveat in row.caveats}
    assert math.isfinite(by_name(found, "topic_02").contrast.low)


def test_two_people_get_no_interval() -> None:
    rng = np.random.default_rng(8)
    mentions = rng.random((200, 2)) < 0.3
    mentions[:, 0] = np.arange(200) < 2
    pairs: list[Pair] = [("staff", "negative"), ("staff", "positive")]
    found = estimate_asymmetry(rng.normal(size=200), mentions, pairs, score="s", min_group=1)
    (row,) = found.rows
    assert math.isfinite(row.contrast.value)
    assert math.isnan(row.contrast.low)
    assert row.kind == "undecided"
    assert "interval_withheld" in {caveat.code for caveat in row.caveats}


def test_nothing_to_weigh() -> None:
    constant = estimate_asymmetry(
        np.ones(50), np.eye(50, 2, dtype=bool), WORLD.pairs[:2], score="s"
    )
    assert constant.rows == ()
    assert [caveat.code for caveat in constant.caveats] == ["constant_score"]


RUNS = 200


def simulated(
    world: World, true: dict[str, set[str]], customers: int
) -> tuple[float, float, float]:
    """Mean share of false kinds among those told, share of contrasts held, kinds told per run."""
    rng = np.random.default_rng(9)
    contrasts = {
        world.pairs[j][0]: -world.effects[j] - world.effects[j + 1] for j in range(0, world.k, 2)
    }
    false, told, held = [], [], []
    for _ in range(RUNS):
        drawn = draw(world, customers, rng)
        found = estimate_asymmetry(
            drawn.y, drawn.mentions, world.pairs, score="s", clusters=drawn.customers
        )
        named = [row for row in found.rows if row.kind != "undecided"]
        wrong = sum(row.kind not in true[row.category] for row in named)
        false.append(wrong / max(1, len(named)))
        told.append(len(named))
        held += [
            row.contrast.low <= contrasts[row.category] <= row.contrast.high for row in found.rows
        ]
    return float(np.mean(false)), float(np.mean(held)), float(np.mean(told))


def test_few_kinds_are_false_and_contrasts_are_covered() -> None:
    """Two categories at the edge of a claim, two beyond it, so that false claims are possible."""
    world = World(
        effects=(-30.0, 30.0, -40.0, 20.0, -50.0, 10.0, 0.0, 0.0),
        shares=(0.15,) * 8, themes=(0, 0, 1, 1, 2, 2, 3, 3), overlap=0.2,
    )  # fmt: skip
    true = {
        "topic_00": {"performance"},
        "topic_01": {"basic"},
        "topic_02": {"basic"},
        "topic_03": set[str](),
    }
    false, held, told = simulated(world, true, 600)
    assert false < 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / RUNS)
    assert abs(held - 0.95) < 3.5 * math.sqrt(0.05 * 0.95 / (4 * RUNS))
    assert told > 0.5


@pytest.mark.full
def test_few_kinds_are_false_in_many_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(globals(), "RUNS", 2_000)
    world = World(
        effects=(-30.0, 30.0, -40.0, 20.0, -50.0, 10.0, 0.0, 0.0),
        shares=(0.15,) * 8, themes=(0, 0, 1, 1, 2, 2, 3, 3), overlap=0.2,
        likeness=0.4, largest_cluster=3,
    )  # fmt: skip
    true = {
        "topic_00": {"performance"},
        "topic_01": {"basic"},
        "topic_02": {"basic"},
        "topic_03": set[str](),
    }
    for customers in (150, 500, 2_500):
        false, held, told = simulated(world, true, customers)
        print(f"\n{customers} customers: {false=:.3f} {held=:.3f} {told=:.2f}")
        assert false < 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / 2_000)
        assert 0.93 < held < 0.97
