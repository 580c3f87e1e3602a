"""Many drivers are looked at: which small p-values remain when that is counted in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def benjamini_hochberg(p: Floats) -> Floats:
    """Benjamini-Hochberg q-values.

    Calling every driver with q below 0.05 a finding keeps the expected share of false findings
    below 5 % (Benjamini and Hochberg 1995; for independent or positively dependent p-values).

    Args:
        p: p-values, 0..1, shape (k,); NaN where there is none.

    Returns:
        q-values, 0..1, (k,); NaN stays NaN and does not count as a comparison.
    """
    from scipy.stats import false_discovery_control

    p = np.asarray(p, dtype=np.float64)
    known = ~np.isnan(p)
    q = np.full(p.shape, np.nan)
    if known.any():
        q[known] = false_discovery_control(p[known], method="bh")
    return q


def fcr_level(selected: int, shown: int, *, level: float = 0.95) -> float:
    """Confidence level that intervals of selected findings need.

    Whoever looks at the R most striking of m numbers only, each with a 95 % interval, is wrong more
    often than in 5 % of them. Intervals of level 1 - R(1 - level)/m keep the expected share of
    those that miss at 1 - level at most, if the R were selected by Benjamini-Hochberg at that rate
    (Benjamini and Yekutieli 2005, JASA 100:71-81).

    Args:
        selected: How many were selected, R.
        shown: From how many, m.
        level: Confidence level wanted over those selected.

    Returns:
        The level of each interval, at least `level`.

    Raises:
        ValueError: If not 0 <= R <= m.
    """
    if not 0 <= selected <= shown:
        raise ValueError(f"{selected} of {shown} selected, expected 0 <= selected <= shown")
    return 1 - (1 - level) * selected / shown if selected else level
