from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy import stats
from scipy.special import stdtrit

from tests.warum.reasons.worlds import CLUSTERED, ORDINARY, World, draw
from warum.reasons.cluster_jackknife import small_sample
from warum.reasons.design import Clusters, Design
from warum.reasons.least_squares import fit_least_squares
from warum.reasons.small_sample import pair_precision, variance_floor


def defined(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, groups: np.ndarray, ask: np.ndarray, power: float
) -> tuple[float, float]:
    """Variance and degrees of freedom written out with n x n matrices."""
    x = np.column_stack((np.ones(len(y)), x))
    inverse = np.linalg.inv(x.T @ (w[:, None] * x))
    hat = x @ inverse @ (x.T * w)
    error, maker = y - hat @ y, np.eye(len(y)) - hat
    reach = w * (x @ inverse @ np.concatenate(([0], ask)))
    variance, form = 0.0, np.zeros((len(y), len(y)))
    for group in np.unique(groups):
        i = groups == group
        root = np.sqrt(w[i])
        values, vectors = np.linalg.eigh(hat[np.ix_(i, i)] * root[:, None] / root)
        raised = (vectors * (1 - values) ** -power) @ vectors.T
        v = root * (raised @ (reach[i] / root))
        variance += float(v @ error[i]) ** 2
        z = maker[i].T @ v
        form += np.outer(z, z)
    return variance, float(np.trace(form) ** 2 / np.trace(form @ form))


@pytest.mark.parametrize(("adjustment", "power"), [("cr1", 0.0), ("cr2", 0.5), ("cr3", 1.0)])
@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_equals_the_definition(
    weighted: bool, clustered: bool, adjustment: str, power: float
) -> None:
    rng = np.random.default_rng(0)
    n = 60
    mentions = rng.random((n, 4)) < [0.1, 0.3, 0.5, 0.2]
    controls = rng.normal(size=(n, 1)) + 2020
    y = mentions @ [1.0, 2, 3, 4] + rng.normal(size=n)
    w = rng.uniform(0.3, 3, n) if weighted else np.ones(n)
    # One cluster holds more rows than the model has columns.
    groups = np.minimum(rng.integers(0, 40, n), 25) if clustered else np.arange(n)
    design = Design((mentions, controls))
    fit = fit_least_squares(design, y, weights=w, clusters=groups)
    asked = np.column_stack((np.eye(5)[:, :4], [1.0, 1, 0, 0, 0]))
    found = small_sample(design, y, fit, asked, weights=w, clusters=groups, adjustment=adjustment)
    x = np.column_stack((mentions, controls - 2020))
    for c in range(5):
        variance, df = defined(x, y, w, groups, asked[:, c], power)
        assert found.variance[c] == pytest.approx(variance, rel=1e-9)
        assert found.df[c] == pytest.approx(df, rel=1e-9)
    if adjustment == "cr3" and not clustered:
        np.testing.assert_allclose(found.variance[:4], np.diag(fit.covariance)[1:5], rtol=1e-9)


def test_cr3_is_the_jackknife() -> None:
    """MacKinnon, Nielsen and Webb 2023: each cluster left out once, about the full estimate."""
    drawn = draw(CLUSTERED, 60, np.random.default_rng(2))
    design = Design((drawn.mentions[:, :3],))
    fit = fit_least_squares(design, drawn.y, clusters=drawn.customers)
    found = small_sample(design, drawn.y, fit, np.eye(3), clusters=drawn.customers)
    squares = np.zeros(3)
    for customer in np.unique(drawn.customers):
        rest = drawn.customers != customer
        again = fit_least_squares(Design((drawn.mentions[rest, :3],)), drawn.y[rest])
        squares += (again.coefficients[1:] - fit.coefficients[1:]) ** 2
    np.testing.assert_allclose(found.variance, squares, rtol=1e-9)


def test_two_groups_are_those_of_bell_and_mccaffrey() -> None:
    """Two groups, HC2: the variance is Welch's; Imbens and Kolesár 2016 give its freedom by hand."""
    rng = np.random.default_rng(3)
    mentions = np.zeros((30, 1), dtype=bool)
    mentions[:3] = True
    y = rng.normal(size=30)
    design = Design((mentions,))
    fit = fit_least_squares(design, y)
    found = small_sample(design, y, fit, np.eye(1), adjustment="cr2")
    welch = y[:3].var(ddof=1) / 3 + y[3:].var(ddof=1) / 27
    assert found.variance[0] == pytest.approx(welch)
    few, many = 3, 27
    by_hand = (few + many) ** 2 * (few - 1) * (many - 1)
    by_hand /= many**2 * (many - 1) + few**2 * (few - 1)
    assert found.df[0] == pytest.approx(by_hand)
    assert found.pooled[0] == pytest.approx(
        ((y[:3] - y[:3].mean()) ** 2).sum() / 28 * (1 / 3 + 1 / 27)
        + ((y[3:] - y[3:].mean()) ** 2).sum() / 28 * (1 / 3 + 1 / 27)
    )


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = draw(CLUSTERED, 80, np.random.default_rng(4))
    design = Design((drawn.mentions,))
    fit = fit_least_squares(design, drawn.y, clusters=drawn.customers)
    whole = small_sample(design, drawn.y, fit, np.eye(8), clusters=drawn.customers)
    monkeypatch.setattr("warum.reasons.design.BLOCK_ROWS", 7)
    parts = small_sample(design, drawn.y, fit, np.eye(8), clusters=drawn.customers)
    np.testing.assert_allclose(parts.variance, whole.variance, rtol=1e-9)
    np.testing.assert_allclose(parts.df, whole.df, rtol=1e-9)


def test_the_order_of_rows_does_not_matter() -> None:
    drawn = draw(CLUSTERED, 80, np.random.default_rng(4))
    mixed = np.random.default_rng(5).permutation(len(drawn.y))
    found = []
    for rows in (np.arange(len(drawn.y)), mixed):
        design = Design((drawn.mentions[rows],))
        y, groups = drawn.y[rows], drawn.customers[rows]
        fit = fit_least_squares(design, y, clusters=groups)
        found.append(small_sample(design, y, fit, np.eye(8), clusters=groups))
    np.testing.assert_allclose(found[0].variance, found[1].variance, rtol=1e-9)
    np.testing.assert_allclose(found[0].df, found[1].df, rtol=1e-9)


def test_what_the_data_do_not_determine() -> None:
    rng = np.random.default_rng(6)
    mentions = rng.random((80, 4)) < 0.3
    mentions[:, 2] = mentions[:, 1]
    mentions[:, 3] = False
    mentions[0, 3] = True  # decided by one row
    y = rng.normal(size=80)
    design = Design((mentions,))
    fit = fit_least_squares(design, y)
    found = small_sample(design, y, fit, np.eye(4))
    assert np.isnan(found.variance).tolist() == [False, True, True, True]
    assert np.isnan(found.df).tolist() == [False, True, True, True]
    precision = pair_precision(
        design, y, fit, fewest=mentions.sum(axis=0), alike=np.zeros(4, dtype=bool)
    )
    assert precision.withheld.tolist() == [False, True, True, True]


def test_combinations_of_the_wrong_shape() -> None:
    design = Design((np.eye(5, 2, dtype=bool),))
    y = np.arange(5.0)
    with pytest.raises(ValueError, match=r"\(3, 1\), expected \(2, q\)"):
        small_sample(design, y, fit_least_squares(design, y), np.ones((3, 1)))


def test_the_spread_of_all_scores_stands_in_where_mentions_agree() -> None:
    rng = np.random.default_rng(7)
    mentions = np.zeros((200, 2), dtype=bool)
    mentions[:5, 0], mentions[5:9, 1] = True, True
    y = rng.choice([-100.0, 0, 100], 200)
    y[:5] = -100
    design = Design((mentions,))
    fit = fit_least_squares(design, y)
    fewest, alike = np.array([5, 4]), np.array([True, False])
    precision = pair_precision(design, y, fit, fewest=fewest, alike=alike)
    robust = small_sample(design, y, fit, np.eye(2))
    assert precision.variance[0] == pytest.approx(robust.pooled[0])
    assert robust.variance[0] < 0.1 * robust.pooled[0]
    assert precision.variance[1] == pytest.approx(max(robust.variance[1], robust.pooled[1] / 2))
    assert precision.pooled.tolist() == [True, False]


def test_how_much_of_the_spread_of_all_is_the_least() -> None:
    floor = variance_floor(np.array([5, 19, 20, 5, 20, 80]), np.arange(6) > 2)
    assert floor.tolist() == [0.5, 0.5, 0, 1, 1, 0.25]


def test_two_people_get_no_interval() -> None:
    rng = np.random.default_rng(8)
    mentions = rng.random((100, 2)) < 0.4
    mentions[:, 1] = np.arange(100) < 8
    people = np.concatenate((np.repeat([0, 1], 4), np.arange(2, 94)))
    y = rng.normal(size=100)
    design = Design((mentions,))
    fit = fit_least_squares(design, y, clusters=people)
    fewest = Clusters.of(people).holding(mentions)
    precision = pair_precision(
        design, y, fit, fewest=fewest, alike=np.zeros(2, dtype=bool), clusters=people
    )
    assert precision.withheld.tolist() == [False, True]


def test_common_pairs_of_large_data_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = draw(ORDINARY, 3_000, np.random.default_rng(9))
    design = Design((drawn.mentions,))
    fit = fit_least_squares(design, drawn.y)
    fewest, alike = drawn.mentions.sum(axis=0), np.zeros(8, dtype=bool)
    exact = pair_precision(design, drawn.y, fit, fewest=fewest, alike=alike)
    monkeypatch.setattr("warum.reasons.small_sample._CHEAP", 0)
    quick = pair_precision(design, drawn.y, fit, fewest=fewest, alike=alike)
    np.testing.assert_allclose(quick.variance, exact.variance)  # HC3 either way
    rare = fewest < 200
    np.testing.assert_allclose(quick.df[rare], exact.df[rare])
    assert (quick.df[~rare] == np.minimum(fewest[~rare] - 1, fit.df)).all()
    assert rare.any()
    assert not rare.all()
    ratio = stdtrit(quick.df, 0.975) / stdtrit(exact.df, 0.975)
    assert (np.abs(ratio - 1) < 0.01).all()


@dataclass(frozen=True)
class Cells:
    """Runs times pairs."""

    mentions: np.ndarray
    held: np.ndarray
    plain: np.ndarray

    def among(self, least: int, most: float) -> tuple[int, float, float]:
        """Cells with so many mentions, and the share in which each interval holds the truth."""
        chosen = (self.mentions >= least) & (self.mentions <= most)
        return int(chosen.sum()), float(self.held[chosen].mean()), float(self.plain[chosen].mean())


def rare_world(occasions: int, *, clustered: bool) -> World:
    """Pairs with about 4, 8 and 15 mentions beside common ones."""
    counts = [4, 5, 8, 9, 15, 17, *(share * occasions for share in (0.15, 0.1, 0.25, 0.06))]
    return World(
        effects=(-50.0, 20, -70, 30, -40, 60, -50, 20, -30, 0),
        shares=tuple(count / occasions for count in counts),
        themes=(0, 1, 0, 1, 2, 2, 0, 1, 2, 2),
        likeness=0.4 if clustered else 0.0,
        largest_cluster=5 if clustered else 1,
    )


def as_nps(y: np.ndarray) -> np.ndarray:
    return 100.0 * (y > 30) - 100.0 * (y < -20)


def projected(world: World) -> np.ndarray:
    """Slopes of the linear model of NPS contributions in a very large sample."""
    rng = np.random.default_rng(99)
    single = replace(world, likeness=0.0, largest_cluster=1)
    gram, products = np.zeros((world.k + 1, world.k + 1)), np.zeros(world.k + 1)
    for _ in range(20):
        drawn = draw(single, 50_000, rng)
        x = np.column_stack((np.ones(50_000), drawn.mentions))
        gram += x.T @ x
        products += x.T @ as_nps(drawn.y)
    return np.linalg.solve(gram, products)[1:]


def covered(occasions: int, *, clustered: bool, nps: bool, runs: int, seed: int) -> Cells:
    world = rare_world(occasions, clustered=clustered)
    truth = projected(world) if nps else np.array(world.effects)
    rng = np.random.default_rng(seed)
    rows: list[tuple[float, bool, bool]] = []
    for _ in range(runs):
        drawn = draw(world, occasions // 3 if clustered else occasions, rng)
        y = as_nps(drawn.y) if nps else drawn.y
        groups = drawn.customers if clustered else None
        people = Clusters.of(drawn.customers).holding(drawn.mentions)
        used = np.flatnonzero(people >= 3)
        design = Design((drawn.mentions[:, used],))
        fit = fit_least_squares(design, y, clusters=groups)
        alike = np.array([np.ptp(y[drawn.mentions[:, k]]) == 0 for k in used])
        found = pair_precision(design, y, fit, fewest=people[used], alike=alike, clusters=groups)
        reach = stdtrit(found.df, 0.975) * np.sqrt(found.variance)
        plain = stats.norm.ppf(0.975) * np.sqrt(np.diag(fit.covariance)[1:])
        off = np.abs(fit.coefficients[1:] - truth[used])
        told = ~found.withheld
        counts = drawn.mentions.sum(axis=0)[used]
        rows += zip(counts[told], (off <= reach)[told], (off <= plain)[told], strict=True)
    mentions, held, without = np.array(rows).T
    return Cells(mentions, held, without)


BINS = ((3, 5), (6, 10), (11, 19), (20, math.inf))


@pytest.mark.parametrize("clustered", [False, True], ids=["independent", "clustered"])
@pytest.mark.parametrize("nps", [False, True], ids=["continuous", "nps"])
def test_few_mentions_are_covered(nps: bool, clustered: bool) -> None:
    cells = covered(200, clustered=clustered, nps=nps, runs=200, seed=31)
    for least, most in BINS:
        n, rate, _ = cells.among(least, most)
        slack = 3.5 * math.sqrt(0.95 * 0.05 / n)
        assert rate > 0.95 - slack, (least, rate)
        if least == 20:
            assert rate < 0.97 + slack


def test_plain_robust_intervals_would_be_too_narrow() -> None:
    """The test above can fail: the same data with normal quantiles and CR1."""
    cells = covered(200, clustered=True, nps=True, runs=100, seed=31)
    n, _, plain = cells.among(3, 5)
    assert plain < 0.95 - 3.5 * math.sqrt(0.95 * 0.05 / n)


@pytest.mark.full
@pytest.mark.parametrize("occasions", [200, 1_000, 5_000])
@pytest.mark.parametrize("clustered", [False, True], ids=["independent", "clustered"])
@pytest.mark.parametrize("nps", [False, True], ids=["continuous", "nps"])
def test_few_mentions_are_covered_in_many_runs(occasions: int, nps: bool, clustered: bool) -> None:
    cells = covered(occasions, clustered=clustered, nps=nps, runs=2_000, seed=32)
    for least, most in BINS:
        n, rate, plain = cells.among(least, most)
        print(
            f"\n{occasions} {nps=} {clustered=} {least}-{most}: {n} cells {rate:.3f} plain {plain:.3f}"
        )
        assert rate > 0.94 - 3.5 * math.sqrt(0.95 * 0.05 / n)
    _, common, _ = cells.among(20, math.inf)
    assert 0.93 < common < 0.97 + 3.5 * math.sqrt(0.95 * 0.05 / len(cells.mentions))
