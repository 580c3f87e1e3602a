from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from warum.reasons import design as design_module
from warum.reasons.design import Clusters, Design
from warum.reasons.least_squares import fit_least_squares


@dataclass(frozen=True)
class Data:
    mentions: np.ndarray
    controls: np.ndarray
    y: np.ndarray
    weights: np.ndarray
    clusters: np.ndarray

    @property
    def design(self) -> Design:
        return Design((self.mentions, self.controls))

    @property
    def matrix(self) -> np.ndarray:
        return np.column_stack((np.ones(len(self.y)), self.mentions, self.controls))


@pytest.fixture
def data() -> Data:
    rng = np.random.default_rng(11)
    n = 173
    mentions = rng.random((n, 5)) < [0.1, 0.2, 0.3, 0.5, 0.15]
    # A year: far from zero, so that its square would swallow the digits that matter.
    controls = np.column_stack((rng.integers(2020, 2026, n), rng.normal(0, 1e-3, n)))
    y = mentions @ [1.0, -2, 3, 0, 1] + (controls[:, 0] - 2022) * 0.2 + rng.normal(size=n)
    clusters = np.array([f"c{i}" for i in rng.integers(0, 50, n)], dtype=object)
    return Data(mentions, controls, y, rng.uniform(0.3, 3, n), clusters)


@pytest.mark.parametrize("block", [7, 100_000])
@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_equals_statsmodels(
    data: Data, weighted: bool, clustered: bool, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import statsmodels.api as sm

    monkeypatch.setattr(design_module, "BLOCK_ROWS", block)
    fit = fit_least_squares(
        data.design,
        data.y,
        weights=data.weights if weighted else None,
        clusters=data.clusters if clustered else None,
    )
    # The same year counted from 2022: the reference itself loses digits otherwise.
    matrix = data.matrix
    matrix[:, 6] -= 2022
    codes = np.unique(data.clusters, return_inverse=True)[1]
    reference = sm.WLS(data.y, matrix, weights=data.weights if weighted else 1.0).fit(
        **(
            {"cov_type": "cluster", "cov_kwds": {"groups": codes}}
            if clustered
            else {"cov_type": "HC3"}
        )
    )
    np.testing.assert_allclose(fit.coefficients[1:], reference.params[1:], rtol=1e-8)
    np.testing.assert_allclose(
        fit.covariance[1:, 1:], reference.cov_params()[1:, 1:], rtol=1e-8, atol=1e-12
    )
    turn = np.eye(8)[0]
    turn[6] = 2022.0
    assert fit.coefficients @ turn == pytest.approx(reference.params[0], rel=1e-8)
    assert turn @ fit.covariance @ turn == pytest.approx(reference.cov_params()[0, 0], rel=1e-5)
    assert fit.explained == pytest.approx(reference.rsquared, rel=1e-8)
    assert fit.method == ("ols-cr1" if clustered else "ols-hc3")
    assert fit.units == (len(np.unique(data.clusters)) if clustered else len(data.y))
    assert fit.df == (fit.units - 1 if clustered else reference.df_resid)


@pytest.mark.parametrize("clustered", [False, True])
def test_covariance_of_effect_and_share(data: Data, clustered: bool) -> None:
    """Against the influences written out row by row."""
    clusters = data.clusters if clustered else np.arange(len(data.y))
    fit = fit_least_squares(data.design, data.y, weights=data.weights, clusters=clusters)
    x, w = data.matrix, data.weights
    inverse = np.linalg.inv(x.T @ (w[:, None] * x))
    error = data.y - x @ (inverse @ x.T @ (w * data.y))
    if not clustered:
        error = error / (1 - w * np.einsum("ij,jk,ik->i", x, inverse, x))
    influence = (x @ inverse) * (w * error)[:, None]
    about = (x - w @ x / w.sum()) * w[:, None] / w.sum()
    same = (clusters[:, None] == np.unique(clusters)).astype(float)
    groups, n = same.shape[1], len(x)
    spread = groups / (groups - 1)
    factor = spread * (n - 1) / (n - x.shape[1]) if clustered else 1.0
    summed, summed_about = same.T @ influence, same.T @ about
    cross = np.sqrt(factor * spread) * (summed * summed_about).sum(axis=0)[1:]
    np.testing.assert_allclose(fit.mean_covariance[:5], cross[:5], rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(fit.mean_variance, spread * (summed_about**2).sum(axis=0)[1:])


def test_clusters_of_one_are_independent_rows(data: Data) -> None:
    alone = fit_least_squares(data.design, data.y, clusters=np.arange(len(data.y)))
    plain = fit_least_squares(data.design, data.y)
    assert alone.method == plain.method == "ols-hc3"
    np.testing.assert_array_equal(alone.covariance, plain.covariance)


@pytest.mark.parametrize("clustered", [False, True])
def test_what_is_determined_survives_collinear_columns(data: Data, clustered: bool) -> None:
    twin = data.mentions[:, :1]
    complement = ~data.mentions[:, 1:2]
    everywhere = np.ones_like(twin)
    design = Design((data.mentions, twin, complement, everywhere))
    clusters = data.clusters if clustered else None
    fit = fit_least_squares(design, data.y, clusters=clusters)
    clean = fit_least_squares(Design((data.mentions,)), data.y, clusters=clusters)
    known = np.array([3, 4, 5])  # of the mentions only these hang on nothing
    np.testing.assert_allclose(fit.coefficients[known], clean.coefficients[known], rtol=1e-9)
    np.testing.assert_allclose(
        fit.covariance[np.ix_(known, known)], clean.covariance[np.ix_(known, known)], rtol=1e-7
    )
    others = np.setdiff1d(np.arange(9), known)
    assert np.isnan(fit.coefficients[others]).all()
    assert np.isnan(fit.covariance[others]).all()
    assert fit.identified.partners(0) == (5,)
    assert fit.identified.partners(1) == (6,)
    assert fit.identified.constant == (7,)


def test_a_single_row_that_decides_a_coefficient_gets_no_variance(data: Data) -> None:
    alone = np.zeros((len(data.y), 1), dtype=bool)
    alone[17] = True
    fit = fit_least_squares(Design((data.mentions, alone)), data.y)
    assert np.isfinite(fit.coefficients).all()
    assert np.isnan(fit.covariance[6]).all()
    # The others are those of a fit without that row.
    kept = np.arange(len(data.y)) != 17
    without = fit_least_squares(Design((data.mentions[kept],)), data.y[kept])
    np.testing.assert_allclose(np.diag(fit.covariance)[1:6], np.diag(without.covariance)[1:])


def test_weights_are_relative(data: Data) -> None:
    once = fit_least_squares(data.design, data.y, weights=data.weights)
    scaled = fit_least_squares(data.design, data.y, weights=1000 * data.weights)
    np.testing.assert_allclose(scaled.covariance, once.covariance, rtol=1e-7)


def test_more_columns_than_rows() -> None:
    rng = np.random.default_rng(0)
    design = Design((rng.normal(size=(5, 5)),))
    with pytest.raises(ValueError, match="5 rows do not suffice for"):
        fit_least_squares(design, rng.normal(size=5))


@pytest.mark.parametrize(
    ("parts", "match"),
    [
        ((), r"parts have \[\] rows"),
        ((np.zeros((2, 1)), np.zeros((3, 1))), r"parts have \[2, 3\] rows"),
        ((np.full((2, 1), np.nan),), "NaN or infinity"),
    ],
)
def test_columns_that_do_not_fit(parts: tuple[np.ndarray, ...], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Design(parts)


def test_lengths_must_agree(data: Data) -> None:
    with pytest.raises(ValueError, match="173 rows, 172 outcomes and 172 weights"):
        fit_least_squares(data.design, data.y[1:], weights=data.weights[1:])


def test_people_are_counted_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(design_module, "BLOCK_ROWS", 3)
    names = np.array(["b", "a", "b", "c", "b", "b", "a", "b"], dtype=object)
    mentions = np.array(
        [[1, 0], [0, 0], [1, 0], [0, 1], [0, 0], [0, 1], [0, 0], [1, 0]], dtype=bool
    )
    clusters = Clusters.of(names)
    assert clusters.holding(mentions).tolist() == [1, 2]
    rows = np.concatenate([rows for rows, _ in clusters.blocks()])
    assert sorted(rows.tolist()) == list(range(8))
    assert (len(clusters), clusters.singletons) == (3, False)
