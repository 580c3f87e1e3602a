"""All occasions, which a model read, and those among them that a person labelled too.

Estimates from an audit sample have two sources of chance: which customers answered at all, and which
of their occasions were drawn. Both are in the influences (what each customer adds to an estimate):
of the drawn occasions each counts 1/probability, and the sum over customers of squared influences is
the variance. With independent (Poisson) draws that is exact in large samples; with a balanced draw it
is at most a little too large.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from warum.metrics import checked_weights

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mentions = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Audited:
    """The labelled occasions.

    Attributes:
        rows: Their positions among the m occasions, distinct, int64 (a,).
        gold: Which pair a person saw in them, bool (a, k).
        probability: With which probability each was drawn, above 0 and at most 1, (a,).
        silent: Which of them hold no text, so that nobody had to look, bool (a,); None if none does.

    Raises:
        ValueError: If shapes do not fit, a row stands twice or a probability is out of range.
    """

    rows: Ints
    gold: Mentions
    probability: Floats
    silent: npt.NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        if self.gold.ndim != 2 or not len(self.rows) == len(self.gold) == len(self.probability):
            raise ValueError(
                f"{len(self.rows)} rows, labels of shape {self.gold.shape} and"
                f" {len(self.probability)} probabilities, expected equal lengths"
            )
        if self.silent is not None and self.silent.shape != self.rows.shape:
            raise ValueError(f"silent has shape {self.silent.shape}, expected {self.rows.shape}")
        if self.gold.dtype != np.bool_:
            raise ValueError(f"labels are {self.gold.dtype}, expected bool")
        if len(np.unique(self.rows)) < len(self.rows):
            raise ValueError("an occasion stands twice among the labelled ones")
        wrong = ~((self.probability > 0) & (self.probability <= 1))
        if wrong.any():
            raise ValueError(
                f"a probability is {self.probability[wrong][0]}, expected above 0 and at most 1"
            )

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, which: npt.NDArray[Any]) -> Audited:
        """Some of them, by position."""
        silent = None if self.silent is None else self.silent[which]
        return Audited(self.rows[which], self.gold[which], self.probability[which], silent)

    @property
    def told(self) -> npt.NDArray[np.bool_]:
        """Which of them somebody labelled, bool (a,)."""
        return np.ones(len(self), dtype=np.bool_) if self.silent is None else ~self.silent


@dataclass(frozen=True)
class Phases:
    """How the two samples hang together.

    Attributes:
        weights: Weight of each occasion, (m,).
        audited: The labelled occasions, those of weight 0 left out, in ascending order.
        design: Weight over probability of each labelled occasion, (a,).
        units: Number of customers in all (occasions where there are no customers).
        members: Occasions of the customers with a labelled occasion, ascending, (b,).
        of_member: Customer of each member, 0..g-1, (b,).
        of_labelled: Customer of each labelled occasion, 0..g-1, (a,).
    """

    weights: Floats
    audited: Audited
    design: Floats
    units: int
    members: Ints
    of_member: Ints
    of_labelled: Ints

    @classmethod
    def of(
        cls,
        m: int,
        audited: Audited,
        *,
        weights: Floats | None = None,
        clusters: npt.NDArray[Any] | None = None,
    ) -> Phases:
        """Join the samples.

        Args:
            m: Number of occasions.
            audited: The labelled ones.
            weights: Weights, at least 0, (m,).
            clusters: Customer of each occasion, (m,); None where each is its own.

        Raises:
            ValueError: If a labelled row is none of the m, or lengths differ.
            UsageError: If a weight is negative or not finite.
        """
        checked = checked_weights(weights, m)
        if len(audited) and not 0 <= audited.rows.min() <= audited.rows.max() < m:
            raise ValueError(
                f"labelled rows {audited.rows.min()}..{audited.rows.max()}, expected 0..{m - 1}"
            )
        if len(checked) != m or (clusters is not None and len(clusters) != m):
            raise ValueError(f"{m} occasions, {len(checked)} weights")
        order = np.argsort(audited.rows, kind="stable")
        order = order[checked[audited.rows[order]] > 0]
        audited = audited.take(order)
        design = checked[audited.rows] / audited.probability
        used = np.flatnonzero(checked > 0)
        if clusters is None:
            own = np.arange(len(audited), dtype=np.int64)
            return cls(checked, audited, design, len(used), audited.rows, own, own)
        codes = np.unique(clusters, return_inverse=True)[1].astype(np.int64)
        held, of_labelled = np.unique(codes[audited.rows], return_inverse=True)
        members = used[np.isin(codes[used], held)]
        of_member = np.searchsorted(held, codes[members]).astype(np.int64)
        units = len(np.unique(codes[used]))
        return cls(
            checked, audited, design, units, members, of_member, of_labelled.astype(np.int64)
        )

    @property
    def groups(self) -> int:
        """Customers with a labelled occasion."""
        return int(self.of_labelled.max()) + 1 if len(self.of_labelled) else 0

    @property
    def people_told(self) -> int:
        """Customers with an occasion that somebody labelled."""
        return len(np.unique(self.of_labelled[self.audited.told]))

    def spoken(self) -> Phases:
        """The same without the occasions that hold no text."""
        if self.audited.silent is None:
            return self
        told = np.flatnonzero(self.audited.told)
        of = np.unique(self.of_labelled[told], return_inverse=True)[1].astype(np.int64)
        return replace(
            self, audited=self.audited.take(told), design=self.design[told], of_labelled=of
        )

    @property
    def spread(self) -> float:
        """G / (G - 1), as a variance of G independent influences has it."""
        return self.units / (self.units - 1) if self.units > 1 else np.nan

    def labelled_sums(self, rows: npt.NDArray[Any]) -> Floats:
        """Sums of rows (a, q) over each customer's labelled occasions, (g, q)."""
        return _sums(rows, self.of_labelled, self.groups)

    def member_sums(self, rows: npt.NDArray[Any]) -> Floats:
        """Sums of rows (b, q) over each labelled customer's occasions, (g, q)."""
        return _sums(rows, self.of_member, self.groups)

    def people(self, gold: Mentions) -> Ints:
        """Customers among the labelled ones with at least one true, per column of (a, q): (q,)."""
        counted: Ints = (self.labelled_sums(gold) > 0).sum(axis=0).astype(np.int64)
        return counted


def _sums(rows: npt.NDArray[Any], of: Ints, groups: int) -> Floats:
    n = len(rows)
    summing = csr_array((np.ones(n), (of, np.arange(n))), shape=(groups, n))
    return np.asarray(summing @ rows.astype(np.float64), dtype=np.float64)
