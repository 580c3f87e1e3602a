"""The columns of the model of the classes, and how precise the linear model can be about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warum.occasions import Pair
from warum.reasons.collinearity import identify
from warum.reasons.cross_products import cross_products
from warum.reasons.design import Design
from warum.reasons.least_squares import fit_least_squares
from warum.reasons.level import LevelFit
from warum.reasons.sample import Sample
from warum.reasons.small_sample import Precision, mentions_alike, pair_precision


@dataclass(frozen=True)
class ClassColumns:
    """The columns that can be told apart.

    Attributes:
        sample: The occasions.
        design: Their columns: pairs, then controls.
        position: Place among the design's columns of each modelled pair.
        undetermined: Modelled pairs that cannot be told apart.
        pairs: How many of the design's columns are pairs.
        precision: Of each of those.
    """

    sample: Sample
    design: Design
    position: dict[int, int]
    undetermined: frozenset[int]
    pairs: int
    precision: Precision

    @classmethod
    def of(cls, sample: Sample, linear: LevelFit, modelled: list[int]) -> ClassColumns:
        """Choose them.

        Args:
            sample: The occasions.
            linear: The linear model, which says whether there is room for controls.
            modelled: Positions of the pairs to be modelled, at least one.
        """
        left_out = any(caveat.code == "controls_left_out" for caveat in linear.caveats)
        adjusting = sample.controls[:, :0] if left_out else sample.controls
        design = Design((sample.only(modelled), adjusting))
        centred = cross_products(design, sample.weights)
        identified = identify(centred[1], centred[2])
        kept, k = list(identified.kept), len(modelled)
        first = [j for j in kept if j < k]
        parts = (design.parts[0][:, first], design.parts[1][:, [j - k for j in kept if j >= k]])
        reduced = Design(parts)
        fit = fit_least_squares(reduced, sample.y, weights=sample.weights, clusters=sample.clusters)
        precision = pair_precision(
            reduced, sample.y, fit,
            fewest=sample.fewest[[modelled[j] for j in first]],
            alike=mentions_alike(sample)[[modelled[j] for j in first]],
            weights=sample.weights,
            clusters=sample.clusters,
        )  # fmt: skip
        position = {j: at for at, j in enumerate(first)}
        return cls(sample, reduced, position, identified.undetermined, len(first), precision)


def modelled_pairs(sample: Sample, linear: LevelFit, pairs: Sequence[Pair]) -> list[int]:
    """Positions of the pairs that the linear model holds, the most frequent first."""
    held = [
        pairs.index((driver.category, driver.polarity))
        for driver in linear.drivers
        if not any(caveat.code == "too_many_columns" for caveat in driver.caveats)
    ]
    return sorted(held, key=lambda k: (-sample.counts[k], pairs[k]))
