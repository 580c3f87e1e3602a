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
