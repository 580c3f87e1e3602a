"""What a run of the alerts leaves for the next one: read from a file, checked against the data, written.

The state says what was normal and how many alerts the year has had, so that the promise on false alerts
holds over all runs together; and up to which day all was judged, so that nothing is told twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from warum.alerts.alerts import check_state
from warum.alerts.occurrences import Occurrences
from warum.alerts.streams import as_day
from warum.caveats import Caveat
from warum.errors import InputError, UsageError
from warum.result import Facts, read_by

KIND = "warum alert state"
FORM = 1
_ANEW = "Name another file with --alert-state to start anew: the history then counts from the beginning."
_FIELDS = ("taxonomy", "model", "by", "where", "min_group", "alerts")


@dataclass(frozen=True, slots=True)
class AlertState:
    """What was watched, and what is known of it.

    Attributes:
        taxonomy: Hash of the taxonomy.
        model: Model and taxonomy that read the comments, with their versions.
        by: Segment columns, sorted.
        where: What restricted the responses, sorted; empty for all.
        min_group: Least number of people of an alert.
        alerts: `alerts.AlertRun.state`.
    """

    taxonomy: str
    model: str
    by: tuple[str, ...]
    where: tuple[str, ...]
    min_group: int
    alerts: Mapping[str, Any]

    @classmethod
    def of(
        cls, alerts: Mapping[str, Any], facts: Facts, by: Iterable[str], where: Iterable[str]
    ) -> AlertState:
        """The state behind a run over these data."""
        return cls(
            facts.taxonomy_hash, read_by(facts), tuple(sorted(by)), tuple(sorted(where)),
            facts.min_group, alerts,
        )  # fmt: skip

    @property
    def judged_until(self) -> int:
        """Last day that was judged, counted from 1970-01-01."""
        return max(int(watch["next_day"]) for watch in self.alerts["watches"]) - 1

    @property
    def places(self) -> frozenset[tuple[str, str]]:
        """Column and value of the segments that were watched."""
        listed = (place for watch in self.alerts["watches"] for place in watch["segments"])
        return frozenset((str(by), str(value)) for by, value in listed if by)

    def check(self, data: Occurrences, facts: Facts, where: Iterable[str]) -> None:
        """Refuse to go on with data of another kind, or with older ones.

        Raises:
            UsageError: If taxonomy, segment columns, filters or the least group are others, no segment
                that was watched occurs, or all data lie before the last day judged.
        """
        if self.taxonomy != facts.taxonomy_hash:
            raise UsageError(
                f"--alert-state was made with another taxonomy (hash {self.taxonomy!r}, now "
                f"{facts.taxonomy_hash!r}).",
                hint=_ANEW,
            )
        told = (
            ("--by", self.by, tuple(sorted(data.segments))),
            ("--where", self.where, tuple(sorted(where))),
            ("--min-group", self.min_group, facts.min_group),
        )
        for option, then, now in told:
            if then != now:
                raise UsageError(
                    f"--alert-state belongs to another series: {option} was {_said(then)}, now it is "
                    f"{_said(now)}.",
                    hint=f"Ask as in the earlier run. {_ANEW}",
                )
        self._check_places(data)
        last = data.days[~np.isnat(data.dates)].max()
        if last < self.judged_until:
            raise UsageError(
                f"--alert-state: an earlier run has judged all days up to {as_day(self.judged_until)}, and "
                f"these data end on {as_day(int(last))}.",
                hint=f"Give the newer data. {_ANEW}",
            )

    def _check_places(self, data: Occurrences) -> None:
        there = {
            (by, str(value))
            for by, values in data.segments.items()
            for value in set(values.tolist())
        }
        if self.places and not self.places & there:
            raise UsageError(
                "--alert-state belongs to another series: none of its segments occurs in these data "
                f"({', '.join(f'{by}={value}' for by, value in sorted(self.places)[:3])} …).",
                hint=_ANEW,
            )

    def doubts(self, data: Occurrences, facts: Facts) -> tuple[Caveat, ...]:
        """What is not judged again, and whether another model reads now."""
        found = []
        before = int(((data.days <= self.judged_until) & ~np.isnat(data.dates)).sum())
        if before:
            day = as_day(self.judged_until)
            found.append(Caveat.of("judged_before", n=before, day=day))
        return (*found, *self.breaks(facts))

    def breaks(self, facts: Facts) -> tuple[Caveat, ...]:
        """That the comments judged so far were read by another model."""
        if self.model == read_by(facts):
            return ()
        return (Caveat.of("series_break", before=self.model, after=read_by(facts)),)


def read_alert_state(path: Path) -> AlertState:
    """Read a state and check that it is whole.

    Raises:
        InputError: If the file is no state of the alerts, of another form, or damaged.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"--alert-state: {str(path)!r} cannot be read as JSON: {error}.", hint=_ANEW
        ) from None
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise InputError(
            f"--alert-state: {str(path)!r} holds no state of the alerts.",
            hint="Name a new file, or one that `warum why --alert-state` wrote.",
        )
    if data.get("form") != FORM:
        raise InputError(
            f"--alert-state: {str(path)!r} has the form {data.get('form')!r}, this version reads {FORM}.",
            hint=_ANEW,
        )
    try:
        found = AlertState(
            str(data["taxonomy"]), str(data["model"]), tuple(map(str, data["by"])),
            tuple(map(str, data["where"])), int(data["min_group"]), dict(data["alerts"]),
        )  # fmt: skip
        check_state(found.alerts)
        day = as_day(found.judged_until)
        if data["judged_until"] != day:
            raise ValueError(f"judged_until is {data['judged_until']!r}, not {day!r}")
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(
            f"--alert-state: {str(path)!r} is damaged: {error}.",
            hint=f"Put back a copy of the file. {_ANEW}",
        ) from None
    return found


def alert_state_json(state: AlertState) -> str:
    """The state as JSON; numbers in full, byte-identical for the same input."""
    data = {
        "kind": KIND,
        "form": FORM,
        "judged_until": as_day(state.judged_until),
        **{name: getattr(state, name) for name in _FIELDS},
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n"


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "not given"
    return str(value)
