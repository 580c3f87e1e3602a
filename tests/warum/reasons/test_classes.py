from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.warum.reasons.class_worlds import LOG_ODDS, ClassWorld
from tests.warum.reasons.worlds import CLUSTERED, ORDINARY, Drawn
from warum.errors import UsageError
from warum.occasions import Pair
from warum.reasons.classes import ClassFit, Kind, estimate_class_drivers
from warum.reasons.level import estimate_drivers
from warum.result import Driver

NPS = ClassWorld(replace(ORDINARY, effects=LOG_ODDS))
NPS_CLUSTERED = ClassWorld(replace(CLUSTERED, effects=LOG_ODDS))
CSAT = replace(NPS, values=(0.0, 100.0), shares=(0.3, 0.7))
STEPS = replace(NPS, values=(1.0, 2, 3, 4, 5), shares=(0.1, 0.15, 0.25, 0.3, 0.2))
PAIRS = ORDINARY.pairs


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return NPS_CLUSTERED.draw(200, np.random.default_rng(3))


def row(fit: ClassFit, pair: Pair) -> Driver:
    return next(d for d in fit.drivers if (d.category, d.polarity) == pair)


def codes(driver: Driver) -> set[str]:
    return {caveat.code for caveat in driver.caveats}


@pytest.mark.parametrize("kind", ["ordered", "multinomial"])
def test_rows_are_those_of_the_linear_model_with_other_numbers(drawn: Drawn, kind: Kind) -> None:
    fit = estimate_class_drivers(
        drawn.y, drawn.mentions, PAIRS, score="nps", kind=kind, clusters=drawn.customers
    )
    linear = estimate_drivers(drawn.y, drawn.mentions, PAIRS, score="nps", clusters=drawn.customers)
    assert fit.linear == linear
    assert fit.classes == (-100, 0, 100)
    assert {(d.category, d.polarity) for d in fit.drivers} == set(PAIRS)
    sizes = [abs(driver.impact.value) for driver in fit.drivers]
    assert sizes == sorted(sizes, reverse=True)
    for driver in fit.drivers:
        other = next(
            d
            for d in linear.drivers
            if (d.category, d.polarity) == (driver.category, driver.polarity)
        )
        assert (driver.mentions, driver.share) == (other.mentions, other.share)
        assert driver.metric_among == other.metric_among
        assert driver.method == f"{kind}-logit-cr3"
        assert driver.effect.low < driver.effect.value < driver.effect.high
        assert driver.p_value <= driver.q_value
    assert fit.agreement is not None
    assert fit.agreement.compared == 8
    assert fit.agreement.rank > 0.9
    assert fit.agreement.largest < 3
    if kind == "multinomial":
        assert fit.fitted == pytest.approx(drawn.y.mean(), abs=1e-4)


def test_two_classes_and_steps() -> None:
    rng = np.random.default_rng(4)
    for world, method in ((CSAT, "logit-hc3"), (STEPS, "ordered-logit-hc3")):
        drawn = world.draw(400, rng)
        fit = estimate_class_drivers(drawn.y, drawn.mentions, PAIRS, score="s")
        assert {driver.method for driver in fit.drivers} == {method}
        assert fit.classes == world.values
        assert fit.fitted == pytest.approx(drawn.y.mean(), rel=0.05)


def test_a_separating_pair_is_named_and_held() -> None:
    drawn = NPS.draw(400, np.random.default_rng(5))
    y, mentions = drawn.y.copy(), drawn.mentions.copy()
    mentions[:, 7] = False
    mentions[np.flatnonzero(~mentions.any(axis=1))[:7], 7] = True
    y[mentions[:, 7]] = -100
    fit = estimate_class_drivers(y, mentions, PAIRS, score="nps")
    driver = row(fit, PAIRS[7])
    assert fit.held == (PAIRS[7],)
    assert "penalised" in codes(driver)
    assert "7" in next(c for c in driver.caveats if c.code == "penalised").sentence("de")
    assert -200 < driver.effect.value < -80
    assert math.isfinite(driver.effect.low)
    assert "penalised" not in codes(row(fit, PAIRS[0]))
    without = estimate_class_drivers(y, np.delete(mentions, 7, axis=1), PAIRS[:7], score="nps")
    assert row(fit, PAIRS[0]).effect.value == pytest.approx(
        row(without, PAIRS[0]).effect.value, abs=5
    )


def test_what_cannot_be_told_apart_stays_without_a_number() -> None:
    drawn = NPS.draw(300, np.random.default_rng(6))
    mentions = np.column_stack((drawn.mentions[:, :2], drawn.mentions[:, :1]))
    fit = estimate_class_drivers(drawn.y, mentions, PAIRS[:3], score="s")
    for pair in (PAIRS[0], PAIRS[2]):
        assert math.isnan(row(fit, pair).effect.value)
        assert "collinear" in codes(row(fit, pair))
    assert math.isfinite(row(fit, PAIRS[1]).effect.low)
    alone = estimate_class_drivers(drawn.y, mentions[:, :2], PAIRS[:2], score="s")
    assert row(fit, PAIRS[1]).effect.value == pytest.approx(row(alone, PAIRS[1]).effect.value)


def test_disagreement_with_the_linear_model_is_said() -> None:
    """Two mentions that each suffice: one line cannot hold it, a logit nearly can."""
    rng = np.random.default_rng(7)
    first = rng.random(4_000) < 0.5
    mentions = np.column_stack(
        (first, np.where(first, rng.random(4_000) < 0.9, rng.random(4_000) < 0.1))
    )
    chance = np.where(mentions.any(axis=1), 0.02, 0.98)
    y = 100.0 * (rng.random(4_000) < chance)
    fit = estimate_class_drivers(y, mentions, PAIRS[:2], score="csat")
    assert fit.agreement is not None
    apart = [driver for driver in fit.drivers if "model_dependent" in codes(driver)]
    assert len(apart) == fit.agreement.apart


def test_scores_without_few_steps_keep_the_linear_model() -> None:
    rng = np.random.default_rng(8)
    mentions = rng.random((100, 2)) < 0.4
    fit = estimate_class_drivers(rng.normal(size=100), mentions, PAIRS[:2], score="minutes")
    assert fit.drivers == fit.linear.drivers
    assert fit.agreement is None
    assert [caveat.code for caveat in fit.caveats] == ["not_ordinal"]


@pytest.mark.parametrize(
    ("y", "code"),
    [(np.full(50, 100.0), "constant_score"), (np.array([0.0, 100] * 9), "few_scores")],
)
def test_too_little_data(y: np.ndarray, code: str) -> None:
    mentions = np.arange(len(y))[:, None] % 3 == 0
    fit = estimate_class_drivers(y, mentions, PAIRS[:1], score="s")
    assert fit.drivers == ()
    assert [caveat.code for caveat in fit.caveats] == [code]


def test_no_pair_at_all() -> None:
    y = np.tile([0.0, 100], 20)
    fit = estimate_class_drivers(y, np.zeros((40, 1), dtype=bool), PAIRS[:1], score="s")
    assert fit.drivers == ()


def test_negative_weights() -> None:
    y = np.tile([0.0, 100], 20)
    with pytest.raises(UsageError, match="not usable"):
        estimate_class_drivers(
            y, np.zeros((40, 1), dtype=bool), PAIRS[:1], score="s", weights=-np.ones(40)
        )


def test_weights_controls_and_order() -> None:
    """Weight 2 is the same estimate as twice the row; rows may come in any order."""
    rng = np.random.default_rng(9)
    drawn = NPS.draw(300, rng)
    controls = rng.random((300, 2)) < 0.3
    twice = np.arange(300) % 4 == 0
    weighted = estimate_class_drivers(
        drawn.y, drawn.mentions, PAIRS,
        score="s", weights=1.0 + twice, controls=controls,
    )  # fmt: skip
    rows = rng.permutation(np.concatenate((np.arange(300), np.flatnonzero(twice))))
    repeated = estimate_class_drivers(
        drawn.y[rows], drawn.mentions[rows], PAIRS, score="s", controls=controls[rows]
    )
    for pair in PAIRS:
        if row(weighted, pair).mentions:
            assert row(weighted, pair).effect.value == pytest.approx(
                row(repeated, pair).effect.value, abs=1e-5
            )


RUNS = 200


def coverage(world: ClassWorld, customers: int, *, seed: int, clustered: bool) -> np.ndarray:
    """Cells of runs and pairs: mentions, whether effect and impact are held, and the half widths
    of the effect's interval here and in the linear model, (cells, 5)."""
    effects, impacts = world.truth()
    rng = np.random.default_rng(seed)
    cells = []
    for _ in range(RUNS):
        drawn = world.draw(customers, rng)
        fit = estimate_class_drivers(
            drawn.y, drawn.mentions, PAIRS,
            score="s", clusters=drawn.customers if clustered else None, min_group=3,
        )  # fmt: skip
        linear = {(d.category, d.polarity): d for d in fit.linear.drivers}
        for driver in fit.drivers:
            if not math.isfinite(driver.effect.low):
                continue
            k = PAIRS.index((driver.category, driver.polarity))
            effect, impact = driver.effect, driver.impact
            other = linear[driver.category, driver.polarity].effect
            cells.append(
                (
                    driver.mentions,
                    effect.low <= effects[k] <= effect.high,
                    impact.low <= impacts[k] <= impact.high,
                    (effect.high - effect.low) / 2,
                    (other.high - other.low) / 2,
                )
            )
    return np.array(cells)


@pytest.mark.parametrize(
    ("world", "customers", "clustered"),
    [
        pytest.param(NPS, 300, False, id="NPS, 300 customers"),
        pytest.param(CSAT, 300, False, id="CSAT, 300 customers"),
        pytest.param(NPS_CLUSTERED, 120, True, id="NPS, 120 customers, 360 occasions"),
    ],
)
def test_intervals_cover(world: ClassWorld, customers: int, clustered: bool) -> None:
    cells = coverage(world, customers, seed=40, clustered=clustered)
    enough = cells[:, 0] >= 20
    slack = 3.5 * math.sqrt(0.95 * 0.05 / enough.sum())
    for what in (1, 2):
        rate = cells[enough, what].mean()
        assert 0.95 - slack < rate < 0.97 + slack, what
        rare = cells[~enough, what]
        assert rare.mean() > 0.94 - 3.5 * math.sqrt(0.95 * 0.05 / len(rare)), what


@pytest.mark.full
@pytest.mark.parametrize("customers", [200, 1_000, 5_000])
@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_cover_in_many_runs(
    customers: int,
    clustered: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(globals(), "RUNS", 2_000)
    world = NPS_CLUSTERED if clustered else NPS
    cells = coverage(
        world, customers // 3 if clustered else customers, seed=41, clustered=clustered
    )
    for least, most in ((3, 5), (6, 10), (11, 19), (20, math.inf)):
        some = cells[(cells[:, 0] >= least) & (cells[:, 0] <= most)]
        if len(some):
            told = some[:, 1:3].mean(axis=0).round(3), np.median(some[:, 3:], axis=0).round(1)
            print(f"\n{customers} {clustered=} {least}-{most}: {len(some)} cells {told}")
    enough = cells[:, 0] >= 20
    # Of 66 customers' occasions 97.1 % are covered, slightly more than asked; beyond the binomial it is an error.
    slack = 3.5 * math.sqrt(0.95 * 0.05 / enough.sum())
    for what in (1, 2):
        assert 0.93 - slack < cells[enough, what].mean() < 0.97 + slack, what
