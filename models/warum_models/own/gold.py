"""What a person says of comments: which labels they hold, and with which polarity."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum_models.protocol import POLARITIES

Bools = npt.NDArray[np.bool_]
Judgement = tuple[str, str | None]
"""A label's code and its polarity; None where the person did not say."""


@dataclass(frozen=True)
class Gold:
    """The labels of n comments out of k.

    Attributes:
        present: Whether the comment holds the label; (n, k).
        polarity: Which of negative, neutral, positive the person saw; (n, k, 3), all False where the
            label is absent or its polarity was not said, several True where both praise and blame.

    Raises:
        ValueError: If the shapes do not belong together.
    """

    present: Bools
    polarity: Bools

    def __post_init__(self) -> None:
        if self.polarity.shape != (*self.present.shape, len(POLARITIES)):
            raise ValueError(
                f"polarity is {self.polarity.shape}, expected {(*self.present.shape, 3)}"
            )

    @property
    def single(self) -> npt.NDArray[np.int64]:
        """Row of `POLARITIES` where exactly one was seen, else -1; (n, k)."""
        one = self.polarity.sum(axis=2) == 1
        return np.where(one, self.polarity.argmax(axis=2), -1).astype(np.int64)

    @property
    def positives(self) -> npt.NDArray[np.int64]:
        """How many comments hold each label; (k,)."""
        return np.asarray(self.present.sum(axis=0), dtype=np.int64)

    def take(self, rows: npt.NDArray[np.int64]) -> Gold:
        """The comments at `rows`, in that order."""
        return Gold(self.present[rows], self.polarity[rows])


def gold_of(judgements: Sequence[Collection[Judgement]], labels: Sequence[str]) -> Gold:
    """Sets of judgements as arrays.

    Args:
        judgements: Per comment its labels, each with a polarity or None; empty for none.
        labels: Codes of the k labels, in order.

    Raises:
        ValueError: If a label or a polarity is unknown.
    """
    column = {code: j for j, code in enumerate(labels)}
    present = np.zeros((len(judgements), len(column)), dtype=bool)
    polarity = np.zeros((*present.shape, len(POLARITIES)), dtype=bool)
    for i, held in enumerate(judgements):
        for code, side in held:
            if code not in column:
                raise ValueError(f"comment {i} has the label {code!r}, expected one of {labels}")
            present[i, column[code]] = True
            if side is None:
                continue
            if side not in POLARITIES:
                raise ValueError(
                    f"comment {i} has the polarity {side!r}, expected one of {POLARITIES}"
                )
            polarity[i, column[code], POLARITIES.index(side)] = True
    return Gold(present, polarity)
