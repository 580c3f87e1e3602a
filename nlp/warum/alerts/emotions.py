"""Emotion by touchpoint and over time, as tables of shares with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.alerts.betabinomial import Bools, Ints
from warum.alerts.trends import share_estimate
from warum.reasons.segments import Dates, Step, period_labels, safe_groups
from warum.records import Estimate


@dataclass(frozen=True, slots=True)
class ShareRow:
    """How often something is so in a group.

    Attributes:
        by: What the group is made by: "touchpoint", "stage" or "period".
        group: Which one.
        value: The emotion (or intent, or effort).
        share: Share of the group's comments that show it, 0..1.
        people: People of the group.
    """

    by: str
    group: str
    value: str
    share: Estimate
    people: int


def shares_by_place(
    told: npt.NDArray[Any],
    comment_of: Ints,
    places: npt.NDArray[Any],
    *,
    by: str = "touchpoint",
    people: npt.NDArray[Any] | None = None,
    min_group: int = 5,
    level: float = 0.95,
) -> tuple[ShareRow, ...]:
    """Emotion by touchpoint (or stage): the shares among the comments with an opinion of that place.

    A comment that speaks of two touchpoints counts in both, because its emotion is the comment's.

    Args:
        told: Emotion of each comment, str or None, object (n,).
        comment_of: Comment of each opinion (position in `told`), (o,).
        places: Touchpoint of each opinion, str, object (o,).
        by: Name of what the places are.
        people: Person of each comment, (n,); None where each is its own.
        min_group: Groups and shares of fewer people are left out.
        level: Confidence level.

    Returns:
        By place, then by falling share.
    """
    if len(comment_of) != len(places):
        raise ValueError(f"{len(comment_of)} comments of opinions, but {len(places)} places")
    names = places.tolist()
    members: dict[str, set[int]] = {}
    for comment, place in zip(comment_of.tolist(), names, strict=True):
        if place:
            members.setdefault(str(place), set()).add(comment)
    groups = {name: np.array(sorted(at), dtype=np.int64) for name, at in sorted(members.items())}
    return _tables(told, groups, by, people, min_group, level)


def shares_by_period(
    told: npt.NDArray[Any],
    dates: Dates,
    *,
    step: Step = "month",
    people: npt.NDArray[Any] | None = None,
    min_group: int = 5,
    level: float = 0.95,
) -> tuple[ShareRow, ...]:
    """Emotion over time: the shares among the comments of each period.

    Args:
        told: Emotion of each comment, str or None, object (n,).
        dates: Day of each, datetime64[D] (n,); NaT is left out.
        step: Length of a period.
        people: Person of each comment, (n,); None where each is its own.
        min_group: Groups and shares of fewer people are left out.
        level: Confidence level.

    Returns:
        By period, then by falling share.
    """
    if len(told) != len(dates):
        raise ValueError(f"{len(told)} comments, but {len(dates)} dates")
    labels = period_labels(dates, step).tolist()
    members: dict[str, list[int]] = {}
    for position, label in enumerate(labels):
        if label is not None:
            members.setdefault(label, []).append(position)
    groups = {name: np.array(at, dtype=np.int64) for name, at in sorted(members.items())}
    return _tables(told, groups, "period", people, min_group, level)


def _tables(
    told: npt.NDArray[Any],
    groups: dict[str, Ints],
    by: str,
    people: npt.NDArray[Any] | None,
    min_group: int,
    level: float,
) -> tuple[ShareRow, ...]:
    known = np.array([value is not None for value in told.tolist()], dtype=np.bool_)
    person = np.arange(len(told)) if people is None else np.unique(people, return_inverse=True)[1]
    rows: list[ShareRow] = []
    for name, members in groups.items():
        at = members[known[members]]
        count = len(np.unique(person[at]))
        if count < min_group:
            continue
        of = {v: told[at] == v for v in sorted(set(told[at].tolist()))}
        shown = _shown(of, person, at, min_group)
        shares = [
            ShareRow(
                by, name, value,
                share_estimate(
                    of[value], person[at],
                    clustered=people is not None, min_group=min_group, level=level,
                ),
                count,
            )
            for value in shown
        ]  # fmt: skip
        rows += sorted(shares, key=lambda row: (-row.share.value, row.value))
    return tuple(rows)


def _shown(of: dict[str, Bools], person: Ints, at: Ints, min_group: int) -> Sequence[str]:
    """The values that enough people show, less those by which a smaller one could be told."""
    large = {
        value: at[hit] for value, hit in of.items() if len(np.unique(person[at[hit]])) >= min_group
    }
    if len(large) == len(of):
        return list(large)
    return safe_groups(person, at, large, min_group)
