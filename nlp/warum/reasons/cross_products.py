"""Means and cross products of many columns, in blocks of rows."""

from __future__ import annotations

import numpy as np

from warum.reasons.design import Design, Floats


def cross_products(design: Design, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Weighted means (p,), cross products about them (p, p) and raw sums of squares (p,).

    Args:
        design: n rows, p columns.
        weights: Positive weights, (n,).
    """
    offsets = design.offsets()
    total = float(weights.sum())
    sums, squares = np.zeros(design.p), np.zeros((design.p, design.p))
    for rows in design.blocks():
        x = design.rows(rows) - offsets
        weighted = x * weights[rows, None]
        sums += weighted.sum(axis=0)
        squares += weighted.T @ x
    near = sums / total
    return near + offsets, squares - np.outer(sums, near), np.diag(squares).copy()
