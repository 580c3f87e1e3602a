"""The impact that most vendors show, for comparison only: leave out all that mention a category.

It is the metric over all occasions minus the metric over those without the mention. Whatever else
those occasions mention goes with it, so categories mentioned together share each other's impact
(`warum.reasons.level` separates them).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from warum.metrics import checked_weights

Floats = npt.NDArray[np.float64]


def leave_one_out(
    y: Floats, mentions: npt.NDArray[np.bool_], *, weights: Floats | None = None
) -> Floats:
    """Metric over all occasions minus the metric over those that do not mention the pair.

    Args:
        y: Contributions to the metric, (m,).
        mentions: Which occasion mentions which pair, (m, k).
        weights: Weights, at least 0, (m,).

    Returns:
        (k,), in the metric's unit; NaN where every occasion mentions the pair.
    """
    weights = checked_weights(weights, len(y))
    total, summed = weights.sum(), weights @ y
    among, summed_among = weights @ mentions, (weights * y) @ mentions
    rest = total - among
    with np.errstate(invalid="ignore", divide="ignore"):
        without = np.where(mentions.all(axis=0), np.nan, (summed - summed_among) / rest)
    return np.asarray(summed / total - without, dtype=np.float64)
