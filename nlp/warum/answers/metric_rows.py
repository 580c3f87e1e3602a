"""Occasions without regard to scores: the units of times, churn, volumes and correlations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from warum.answers.rows import Floats, Ints, WhyRows
from warum.metrics import ScoreScale
from warum.occasions import Occasions, form_occasions
from warum.reasons.outcomes import CustomerOutcome, Days, customer_outcome
from warum.result import StoredTrade
from warum.trade import TRADES, Trade, trade_scale


@dataclass(frozen=True)
class MetricRows:
    """The m occasions (customer and date) of all responses.

    Attributes:
        rows: What was read.
        occasions: The occasions, whether scored or not.
    """

    rows: WhyRows
    occasions: Occasions

    @classmethod
    def of(cls, rows: WhyRows) -> MetricRows:
        """Form them."""
        columns, table = rows.reading.columns, rows.responses.table
        occasions = form_occasions(
            len(table),
            customer=table["customer"] if columns.has_customer else None,
            date_key=table["date_key"] if columns.has_date else None,
            weight=table["weight"] if columns.has_weight else None,
        )
        return cls(rows, occasions)

    def __len__(self) -> int:
        return len(self.occasions)

    @property
    def weights(self) -> Floats | None:
        """(m,); None for equal ones."""
        return self.occasions.weight if self.rows.reading.columns.has_weight else None

    @property
    def clusters(self) -> Ints | None:
        """Customer of each occasion, (m,); None where each is its own."""
        return self.occasions.cluster if self.rows.reading.columns.has_customer else None

    @cached_property
    def dates(self) -> Days | None:
        """Day of each occasion, (m,), NaT where unknown; None without dates."""
        if not self.rows.reading.columns.has_date:
            return None
        days: Days = self.rows.responses.table["date"][self.occasions.first_row]
        return days

    def values(self, stored: str) -> Floats:
        """Mean of the values of each occasion's responses, (m,); NaN where none has one."""
        column = np.asarray(self.rows.responses.table[stored], dtype=np.float64)
        known = np.flatnonzero(~np.isnan(column))
        # Sorted, so that the sum does not depend on the order of rows.
        at = known[np.lexsort((column[known], self.occasions.index[known]))]
        index, m = self.occasions.index[at], len(self)
        counts = np.bincount(index, minlength=m)
        sums = np.bincount(index, column[at], minlength=m)
        means: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
        return means

    def told(self, trade: StoredTrade) -> Floats:
        """What each occasion tells of a metric, (m,): of an event 1 if any of its responses does."""
        values = self.values(trade.stored)
        return np.sign(values) if TRADES[trade.name].kind == "event" else values

    def event_days(self, trade: StoredTrade) -> Days | None:
        """The first day that each occasion's responses tell, (m,), NaT where none; None if undated."""
        if trade.dates is None:
            return None
        told = self.rows.responses.table[trade.dates].astype("datetime64[D]")
        first = np.full(len(self), np.iinfo(np.int64).max)
        known = np.flatnonzero(~np.isnat(told))
        np.minimum.at(first, self.occasions.index[known], told[known].astype(np.int64))
        days = np.full(len(self), np.datetime64("NaT", "D"), dtype="datetime64[D]")
        there = first < np.iinfo(np.int64).max
        days[there] = first[there].astype("datetime64[D]")
        return days

    def outcome(self, trade: StoredTrade) -> CustomerOutcome:
        """The metric per customer, and the occasions that count for it."""
        return customer_outcome(
            self.told(trade),
            self.occasions.cluster,
            dates=self.dates,
            event_days=self.event_days(trade),
            weights=self.weights,
            event=TRADES[trade.name].kind == "event",
        )

    def scale(self, trade: StoredTrade) -> ScoreScale:
        """How the metric is read as a score."""
        return trade_scale(trade.column, trade.name, self.values(trade.stored))

    def in_time(self, trade: StoredTrade) -> npt.NDArray[np.bool_]:
        """Which occasions count for a metric, (m,)."""
        inside = np.zeros(len(self), dtype=np.bool_)
        if _of_customer(trade):
            inside[self.outcome(trade).used] = True
            return inside
        return ~np.isnan(self.told(trade))


def _of_customer(trade: StoredTrade) -> bool:
    known: Trade = TRADES[trade.name]
    return known.of_customer
