from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.reasons import sufficient
from warum.reasons.design import Design
from warum.reasons.least_squares import LeastSquares, fit_least_squares
from warum.reasons.pieces import Piece
from warum.reasons.sufficient import Moments, Scatter, Solved, fit_linear, fit_pieces

FIELDS = (
    "coefficients", "covariance", "means", "mean_variance", "mean_covariance", "explained", "units", "df",
)  # fmt: skip


def alike(one: LeastSquares, two: LeastSquares) -> None:
    for name in FIELDS:
        np.testing.assert_allclose(
            getattr(one, name), getattr(two, name), rtol=1e-8, atol=1e-10, err_msg=name
        )
    assert (one.method, one.identified) == (two.method, two.identified)


def sample(
    seed: int, n: int, odd: str = ""
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    columns = rng.random((n, 5)) < [0.1, 0.2, 0.3, 0.05, 0.5]
    if odd == "collinear":
        columns = np.column_stack((columns, columns[:, 1], np.ones(n, dtype=bool)))
    if odd == "alone":
        columns = np.column_stack((columns, np.arange(n) == 3))
    y = 50 + columns[:, :5] @ np.array([-20.0, 10, -5, 30, 0]) + 10 * rng.normal(size=n)
    return columns, y, rng.uniform(0.5, 2, n), rng.integers(0, max(2, n // 3), n)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(30, 300),
    size=st.integers(7, 120),
    odd=st.sampled_from(["", "collinear", "alone"]),
    clustered=st.booleans(),
)
def test_pieces_give_what_all_rows_give(
    seed: int, n: int, size: int, odd: str, clustered: bool
) -> None:
    columns, y, weights, who = sample(seed, n, odd)
    order = np.argsort(who, kind="stable")
    columns, y, weights, who = columns[order], y[order], weights[order], who[order]
    cuts = [0, *range(size, n, size), n]
    if clustered:  # no customer in two pieces
        cuts = sorted({int(np.searchsorted(who, who[min(c, n - 1)])) for c in cuts[:-1]} | {n})
    pieces = [
        Piece.of(columns[a:b], y[a:b], weights[a:b], who[a:b] if clustered else None)
        for a, b in pairwise(cuts)
        if b > a
    ]
    whole = fit_least_squares(
        Design((columns,)), y, weights=weights, clusters=who if clustered else None
    )
    alike(whole, fit_pieces(lambda: pieces))


@pytest.mark.parametrize("odd", ["", "collinear"])
def test_many_rows_are_fitted_in_pieces(monkeypatch: pytest.MonkeyPatch, odd: str) -> None:
    monkeypatch.setattr(sufficient, "LARGE", 100)
    monkeypatch.setattr(sufficient, "_PIECE", 90)
    columns, y, weights, who = sample(4, 400, odd)
    names = np.array([f"C{c}" for c in who], dtype=object)
    design = Design((columns[:, :2], columns[:, 2:]))
    for options in ({"clusters": names}, {"clusters": names, "weights": weights}):
        alike(fit_linear(design, y, **options), fit_least_squares(design, y, **options))


def test_what_the_pieces_are_no_help_for_goes_the_plain_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sufficient, "LARGE", 10)
    monkeypatch.setattr(sufficient, "fit_pieces", None)  # would fail if it were called
    columns, y, _, who = sample(5, 60)
    numbers = np.random.default_rng(1).normal(size=(60, 1))
    assert fit_linear(Design((columns,)), y).method == "ols-hc3"
    assert fit_linear(Design((columns,)), y, clusters=np.arange(60)).method == "ols-hc3"
    assert fit_linear(Design((columns, numbers)), y, clusters=who).method == "ols-cr1"


def test_sums_of_parts_are_the_sums_of_all() -> None:
    columns, y, weights, _ = sample(6, 200)
    parts = [Piece.of(columns[a:b], y[a:b], weights[a:b], None) for a, b in ((0, 80), (80, 200))]
    both = Piece.of(columns, y, weights, None)
    moments = Moments.of(parts[0]) + Moments.of(parts[1])
    assert moments.rows == 200
    np.testing.assert_allclose(moments.products, Moments.of(both).products)
    solved = Solved.of(moments)
    added = Scatter.of(parts[0], solved) + Scatter.of(parts[1], solved)
    np.testing.assert_allclose(added.outer, Scatter.of(both, solved).outer)


def test_refused() -> None:
    columns, y, weights, who = sample(7, 40)
    with pytest.raises(ValueError, match="no pieces"):
        fit_pieces(list)
    few = Piece.of(np.eye(4, 5, dtype=bool), y[:4], weights[:4], None)
    with pytest.raises(ValueError, match="4 rows do not suffice"):
        fit_pieces(lambda: [few])
    mixed = [Piece.of(columns, y, weights, None), Piece.of(columns, y, weights, who)]
    with pytest.raises(ValueError, match="some pieces have clusters"):
        fit_pieces(lambda: mixed)
