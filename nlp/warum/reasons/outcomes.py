"""Outcomes of customers (churn, repurchase, value): one value each, and the occasions before it.

Of churn and repurchase only what was said before the day on which they came about can be a reason.
Each customer counts once, however often it wrote: its occasions share its weight. So the weighted
mean over occasions is the rate over the customers who wrote in time, and a customer who stays (and
therefore has longer to write) does not gain mentions by that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum.reasons.design import Floats, Ints

Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class CustomerOutcome:
    """An outcome per customer, and what counts for it, m occasions of g customers.

    Attributes:
        value: Of each customer, (g,); NaN where unknown. Events are 1 and 0.
        customer_weight: Mean weight of the customer's occasions, (g,).
        used: Occasions that count, ascending, int64 (u,).
        occasion_value: Value of their customers, (u,).
        weight: The customer's weight over its occasions that count, (u,).
        left_out: Occasions that come too late, or whose place in time is not known.
    """

    value: Floats
    customer_weight: Floats
    used: Ints
    occasion_value: Floats
    weight: Floats
    left_out: int


def customer_outcome(
    values: Floats,
    customers: Ints,
    *,
    dates: Days | None = None,
    event_days: Days | None = None,
    weights: Floats | None = None,
    event: bool,
) -> CustomerOutcome:
    """One value per customer, and the occasions that may be its reasons.

    An event has come about if any occasion says so, on the first day that any tells. Of a number the
    last dated value counts (the mean of several on that day); without dates the mean.

    Args:
        values: What each occasion tells, (m,); NaN where nothing. Events are 1 and 0.
        customers: Customer of each as a number from 0, all of them used, (m,).
        dates: Day of each occasion, (m,), NaT where unknown; None without dates.
        event_days: Day of the event that each occasion tells, (m,), NaT where none; None where the
            event is not dated: then all occasions count.
        weights: Weight of each occasion, (m,); None for equal ones.
        event: Whether it is an event.

    Raises:
        ValueError: If an event's value is neither 0 nor 1.
    """
    g = int(customers.max()) + 1 if len(customers) else 0
    known = ~np.isnan(values)
    if event and not np.isin(values[known], (0.0, 1.0)).all():
        raise ValueError("an event is neither 0 nor 1")
    value = _any(values, customers, g) if event else _last(values, customers, dates, g)
    mass = np.ones(len(values)) if weights is None else weights
    counts = np.maximum(np.bincount(customers, minlength=g), 1)
    customer_weight = np.bincount(customers, mass, minlength=g) / counts
    early = np.ones(len(values), dtype=np.bool_)
    if event_days is not None:
        early = _before(value, customers, dates, event_days, g)
    concerned = ~np.isnan(value[customers])
    used = np.flatnonzero(early & concerned)
    times = np.bincount(customers[used], minlength=g)
    weight = customer_weight[customers[used]] / times[customers[used]]
    return CustomerOutcome(
        value=value,
        customer_weight=customer_weight,
        used=used.astype(np.int64),
        occasion_value=value[customers[used]],
        weight=weight,
        left_out=int((concerned & ~early).sum()),
    )


def _any(values: Floats, customers: Ints, g: int) -> Floats:
    """1 where any value is, 0 where all known are 0, NaN where none is known, (g,)."""
    known = ~np.isnan(values)
    told = np.bincount(customers[known], minlength=g) > 0
    hits = np.bincount(customers[known], values[known], minlength=g) > 0
    result: Floats = np.where(told, hits.astype(np.float64), math.nan)
    return result


def _last(values: Floats, customers: Ints, dates: Days | None, g: int) -> Floats:
    """Mean of the values of each customer's last day with one, (g,); undated ones count if none is."""
    days = np.zeros(len(values), dtype=np.int64)
    if dates is not None:
        undated = np.isnat(dates)
        days = np.where(
            undated, np.iinfo(np.int64).min, dates.astype("datetime64[D]").astype(np.int64)
        )
    known = np.flatnonzero(~np.isnan(values))
    last = np.full(g, np.iinfo(np.int64).min)
    np.maximum.at(last, customers[known], days[known])
    final = known[days[known] == last[customers[known]]]
    # Sorted, so that the sum does not depend on the order of rows.
    final = final[np.lexsort((values[final], customers[final]))]
    counts = np.bincount(customers[final], minlength=g)
    sums = np.bincount(customers[final], values[final], minlength=g)
    result: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), math.nan)
    return result


def first_days(event_days: Days, customers: Ints, g: int) -> Days:
    """The first day that any occasion of a customer tells, datetime64[D] (g,); NaT where none does."""
    first = np.full(g, np.iinfo(np.int64).max)
    told = np.flatnonzero(~np.isnat(event_days))
    np.minimum.at(first, customers[told], event_days[told].astype("datetime64[D]").astype(np.int64))
    days = np.full(g, np.datetime64("NaT", "D"), dtype="datetime64[D]")
    known = first < np.iinfo(np.int64).max
    days[known] = first[known].astype("datetime64[D]")
    return days


def _before(
    value: Floats, customers: Ints, dates: Days | None, event_days: Days, g: int
) -> npt.NDArray[np.bool_]:
    """Which occasions come surely before their customer's event, (m,); all where none came about."""
    day = first_days(event_days, customers, g)[customers]
    stayed = np.asarray(value[customers] != 1, dtype=np.bool_)
    if dates is None:
        return stayed
    # A comparison with NaT is false: what is not known to come before does not count.
    return stayed | np.asarray(dates.astype("datetime64[D]") < day, dtype=np.bool_)
