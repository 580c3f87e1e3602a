"""What is asked of the "why", in the forms of the command line, and checked against the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from warum.answers.alert_state import AlertState, read_alert_state
from warum.answers.asked import (
    check_file,
    check_period,
    check_segment,
    parse_groups,
    parse_periods,
    parse_what_if,
)
from warum.answers.filtering import between, matching
from warum.answers.options import ModelKind, WhyOptions
from warum.answers.rows import WhyRows
from warum.caveats import Ui
from warum.errors import UsageError
from warum.reasons.index_weights import read_weights
from warum.result import Reading
from warum.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in the forms of the command line; see `warum.why`.

    Raises:
        UsageError: If a value cannot be meant.
        InputError: If a file named is not there or cannot be used.
    """

    before: str | None = None
    after: str | None = None
    compare: str | None = None
    since: str | None = None
    until: str | None = None
    where: Sequence[str] = ()
    segment: str | None = None
    by_polarity: bool = False
    level_model: ModelKind | None = None
    audit: Path | None = None
    what_if: Sequence[str] = ()
    weights: Path | None = None
    value_per_point: float | None = None
    cost: float | None = None
    level: float = 0.95
    draws: int = 1_000
    seed: int = 0
    ui: Ui = "en"
    control: Sequence[str] = ()
    alert_state: Path | None = None

    def __post_init__(self) -> None:
        parse_periods(self.before, self.after)  # refused before hours of reading
        self._check_numbers()
        check_file(self.audit, "--audit")
        check_file(self.weights, "--weights")
        if self.weights is not None:
            read_weights(self.weights)
        self.state()

    def _check_numbers(self) -> None:
        if not 0.5 <= self.level < 1:
            raise UsageError(f"--level is {self.level}, expected 0.5 to below 1, e.g. 0.95.")
        if self.draws < 200:
            raise UsageError(f"--draws is {self.draws}, expected at least 200.")
        if self.level_model not in (None, "linear", "ordered", "multinomial"):
            raise UsageError(
                f"--level-model is {self.level_model!r}, expected linear, ordered or multinomial."
            )
        for option, value in (("--value-per-point", self.value_per_point), ("--cost", self.cost)):
            if value is not None and not self.what_if:
                raise UsageError(
                    f"{option} belongs to --what-if.", hint="Add --what-if CATEGORY=-33%."
                )
        if self.cost is not None and not 0 <= self.cost < float("inf"):
            raise UsageError(f"--cost is {self.cost}, expected 0 or more.")

    def state(self) -> AlertState | None:
        """What an earlier run left for the alerts; None where it is the first.

        Raises:
            InputError: If the file is no state of the alerts.
        """
        named = self.alert_state
        return read_alert_state(named) if named is not None and named.exists() else None


def asked_about(reading: Reading, question: Question) -> Reading:
    """The part of a reading that a question is about."""
    return matching(between(reading, question.since, question.until), question.where)


def filters(question: Question) -> tuple[str, ...]:
    """What restricts the responses that are asked about, in short."""
    bounds = (("since", question.since), ("until", question.until))
    return (*question.where, *(f"{name} {bound}" for name, bound in bounds if bound))


def checked(question: Question, rows: WhyRows, taxonomy: Taxonomy) -> WhyOptions:
    """The question as options, checked against the data.

    Raises:
        UsageError: If a period holds no data, or a value or category does not occur.
        ColumnError: If a column is not there.
    """
    before, after = parse_periods(question.before, question.after)
    if before is not None and after is not None:
        check_period(before, "--before", rows)
        check_period(after, "--after", rows)
    return WhyOptions(
        before=before,
        after=after,
        groups=None if question.compare is None else parse_groups(question.compare, rows),
        segment=check_segment(question.segment, rows),
        by_polarity=question.by_polarity,
        model=question.level_model,
        audit=question.audit,
        what_if=parse_what_if(question.what_if, taxonomy),
        weights=question.weights,
        value_per_point=question.value_per_point,
        cost=question.cost,
        level=question.level,
        draws=question.draws,
        seed=question.seed,
        ui=question.ui,
        where=tuple(question.where),
        goes_on=question.alert_state is not None,
        alert_state=question.state(),
    )
