from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtrit
from scipy.stats import binom

from tests.warum.reasons.worlds import CLUSTERED, ORDINARY, World, draw
from warum.reasons.design import Design
from warum.reasons.impact_parts import Parts, impact_parts
from warum.reasons.least_squares import fit_least_squares

NONE = np.zeros((0, 0))


def whole(mentions: np.ndarray) -> Parts:
    """Each pair's mentions as they are."""
    occasion, pair = np.nonzero(mentions)
    return Parts(pair, occasion, pair, np.ones(len(pair)), mentions.shape[1])


def halves(mentions: np.ndarray, k: int, seed: int = 0) -> Parts:
    """The mentions of pair k at two places, some at both; then all of them, then pair k + 1."""
    rng = np.random.default_rng(seed)
    at, other = np.flatnonzero(mentions[:, k]), np.flatnonzero(mentions[:, k + 1])
    here = rng.choice([0.0, 0.5, 1.0], len(at))
    return Parts(
        np.repeat([0, 1, 2, 3, 4, 4], [len(at), len(at), len(at), len(other), len(at), len(other)]),
        np.concatenate([at, at, at, other, at, other]),
        np.repeat([k, k, k, k + 1, k, k + 1], [len(at)] * 3 + [len(other), len(at), len(other)]),
        np.concatenate(
            [here, 1 - here, np.ones(len(at) + len(other)), np.ones(len(at) + len(other))]
        ),
        5,
    )


@pytest.mark.parametrize("clustered", [False, True])
def test_whole_mentions_have_the_impact_of_the_level(clustered: bool) -> None:
    drawn = draw(CLUSTERED, 300, np.random.default_rng(1))
    rng = np.random.default_rng(2)
    weights, controls = rng.uniform(0.5, 2, len(drawn.y)), rng.random((len(drawn.y), 2)) < 0.3
    clusters = drawn.customers if clustered else None
    found = impact_parts(
        drawn.y, drawn.mentions, controls, whole(drawn.mentions), weights=weights, clusters=clusters
    )
    fit = fit_least_squares(
        Design((drawn.mentions, controls)), drawn.y, weights=weights, clusters=clusters
    )
    k = drawn.mentions.shape[1]
    share, effect = fit.means[:k], fit.coefficients[1 : k + 1]
    variance = (
        share**2 * np.diag(fit.covariance)[1 : k + 1]
        + 2 * share * effect * fit.mean_covariance[:k]
        + effect**2 * fit.mean_variance[:k]
    )
    assert found.values == pytest.approx(share * effect, rel=1e-9)
    assert found.variances == pytest.approx(variance, rel=1e-9)
    assert (found.method, found.freedom) == (fit.method, fit.df)


def test_parts_add_up() -> None:
    drawn = draw(ORDINARY, 300, np.random.default_rng(1))
    controls = np.zeros((300, 0), dtype=bool)
    here, there, all_, other, both = impact_parts(
        drawn.y, drawn.mentions, controls, halves(drawn.mentions, 0)
    ).values
    assert here + there == pytest.approx(all_, rel=1e-12)
    assert all_ + other == pytest.approx(both, rel=1e-12)


def test_only_what_is_asked_has_a_variance() -> None:
    drawn = draw(CLUSTERED, 200, np.random.default_rng(1))
    controls, parts = np.zeros((len(drawn.y), 0), dtype=bool), whole(drawn.mentions)
    some, every = (
        impact_parts(
            drawn.y, drawn.mentions, controls, parts, clusters=drawn.customers, asked=asked
        )
        for asked in ([2, 0], None)
    )
    assert np.isnan(some.variances[[1, 3, 4, 5, 6, 7]]).all()
    assert some.variances[[0, 2]] == pytest.approx(every.variances[[0, 2]])
    assert some.values == pytest.approx(every.values)


def test_what_cannot_be_told_apart_adds_nothing() -> None:
    drawn = draw(ORDINARY, 200, np.random.default_rng(1))
    mentions = np.column_stack((drawn.mentions[:, :2], drawn.mentions[:, 1], np.ones(200, bool)))
    found = impact_parts(drawn.y, mentions, np.zeros((200, 0), bool), whole(mentions))
    assert found.determined.tolist() == [True, False, False, False]
    assert found.values[1:].tolist() == [0, 0, 0]
    assert found.variances[0] > 0


def test_too_few_rows() -> None:
    mentions, y = np.array([[True], [False]]), np.array([1.0, 2.0])
    with pytest.raises(ValueError, match="2 rows do not suffice for 2 coefficients"):
        impact_parts(y, mentions, np.zeros((2, 0), bool), whole(mentions))


def _covered(world: World, customers: int, runs: int) -> int:
    """Intervals of the parts of a pair and of two pairs together."""
    big = draw(world, 40_000, np.random.default_rng(99))
    parts = halves(big.mentions, 0)
    weights = np.bincount(
        parts.quantity * world.k + parts.pair, parts.amount, minlength=5 * world.k
    ).reshape(5, world.k) / len(big.y)
    truth = weights @ np.array(world.effects)
    covered = 0
    for seed in range(runs):
        drawn = draw(world, customers, np.random.default_rng(seed))
        controls = np.zeros((len(drawn.y), 0), dtype=bool)
        found = impact_parts(
            drawn.y, drawn.mentions, controls, halves(drawn.mentions, 0, seed),
            clusters=drawn.customers,
        )  # fmt: skip
        reach = stdtrit(found.freedom, 0.975) * np.sqrt(found.variances)
        covered += int((np.abs(found.values - truth) <= reach).sum())
    return covered


@pytest.mark.parametrize("world", [ORDINARY, CLUSTERED])
def test_coverage(world: World) -> None:
    runs = 60
    # Five intervals a run that hang on each other: the tolerance of the runs alone.
    assert _covered(world, 300, runs) / 5 >= binom.ppf(0.0005, runs, 0.94)


@pytest.mark.full
@pytest.mark.parametrize("world", [ORDINARY, CLUSTERED])
@pytest.mark.parametrize("customers", [200, 1000])
def test_coverage_in_many_runs(world: World, customers: int) -> None:
    runs = 2000
    covered = _covered(world, customers, runs) / 5
    print(f"\n{customers} customers: {covered / runs:.2%} of the intervals cover")
    assert 0.93 * runs <= covered <= 0.97 * runs
