"""Exports of survey and ticket tools, recognised by their headers: one small profile each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from warum.metrics import MetricName
from warum.reading.records import Role


@dataclass(frozen=True, slots=True)
class ExtraRow:
    """A further header row below the first.

    Attributes:
        holds: The questions' texts, the options of a question, or technical names.
        pattern: Regular expression that one cell of the row must match, else there is no such row.
        column: The cell's header (alternatives); empty for any cell.
    """

    holds: Literal["questions", "options", "ids"]
    pattern: str
    column: tuple[str, ...] = ()

    def matches(self, row: Mapping[str, str | None]) -> bool:
        """Whether a row is this header row."""
        wanted = {_folded(name) for name in self.column}
        cells = [cell or "" for name, cell in row.items() if not wanted or _folded(name) in wanted]
        return any(re.search(self.pattern, cell.strip()) for cell in cells)


@dataclass(frozen=True, slots=True)
class Profile:
    """How one product's export looks.

    Attributes:
        name: Stable short name.
        title: The product's name.
        needs: Headers that must all be there; each entry lists alternatives.
        roles: Role to headers that suggest it, the best first.
        metric: Metric of the suggested score column, None if unknown.
        scale: Ends of the suggested score's scale, None if unknown or in words.
        score_from: Regular expression for a header whose first group names the score column.
        source: Source of all rows (survey, review, ticket).
        extra_rows: Header rows below the first, in order.
    """

    name: str
    title: str
    needs: tuple[tuple[str, ...], ...]
    source: Literal["survey", "review", "ticket", "social"]
    roles: tuple[tuple[Role, tuple[str, ...]], ...] = ()
    metric: MetricName | None = None
    scale: tuple[float, float] | None = None
    score_from: str | None = None
    extra_rows: tuple[ExtraRow, ...] = ()

    def fits(self, headers: Sequence[str]) -> bool:
        """Whether all needed headers are there, whatever their case."""
        there = {_folded(header) for header in headers}
        return all(any(_folded(name) in there for name in names) for names in self.needs)

    def columns(self, headers: Sequence[str]) -> dict[Role, str]:
        """The headers among `headers` that this product uses for the roles."""
        there = {_folded(header): header for header in reversed(headers)}
        found: dict[Role, str] = {}
        for role, names in self.roles:
            match = next((there[_folded(name)] for name in names if _folded(name) in there), None)
            if match is not None:
                found[role] = match
        if self.score_from is not None:
            matches = (re.fullmatch(self.score_from, header) for header in headers)
            scored = [m.group(1) for m in matches if m and m.group(1) in headers]
            if scored:
                found["score"] = scored[0]
        return found


def recognise(headers: Sequence[str]) -> Profile | None:
    """The profile that the headers fit, None if none does."""
    return next((profile for profile in PROFILES if profile.fits(headers)), None)


def profile_named(name: str) -> Profile:
    """The profile of a name.

    Raises:
        KeyError: If there is none.
    """
    for profile in PROFILES:
        if profile.name == name:
            return profile
    raise KeyError(f"no profile {name!r}, there are {[profile.name for profile in PROFILES]}")


def _folded(header: str) -> str:
    return re.sub(r"[\s_]+", " ", header).strip().casefold()


PROFILES: tuple[Profile, ...] = (
    Profile(
        name="qualtrics",
        title="Qualtrics",
        needs=(
            ("StartDate", "Start Date"),
            ("RecordedDate", "Recorded Date", "EndDate", "End Date"),
            ("ResponseId", "Response ID", "ResponseID"),
            ("Progress", "Finished"),
        ),
        source="survey",
        roles=(
            ("id", ("ResponseId", "Response ID")),
            ("date", ("RecordedDate", "Recorded Date", "EndDate", "End Date")),
            ("customer", ("ExternalReference", "External Data Reference", "ExternalDataReference")),
            ("language", ("UserLanguage", "User Language")),
            ("channel", ("DistributionChannel", "Distribution Channel")),
        ),
        metric="nps",
        scale=(0, 10),
        score_from=r"(.+)_NPS_GROUP",
        extra_rows=(
            ExtraRow("questions", r"^Start ?Date$", ("StartDate", "Start Date")),
            ExtraRow("ids", r"^\{\s*[\"']ImportId[\"']"),
        ),
    ),
    Profile(
        name="surveymonkey",
        title="SurveyMonkey",
        needs=(
            ("Respondent ID", "RespondentID", "Befragten-ID"),
            ("Collector ID", "CollectorID", "Collector-ID"),
            ("Start Date", "StartDate", "date_created", "Startdatum", "Anfangsdatum"),
        ),
        source="survey",
        roles=(
            ("id", ("Respondent ID", "RespondentID", "Befragten-ID")),
            ("date", ("End Date", "EndDate", "date_modified", "Enddatum")),
            ("customer", ("Custom Data 1", "custom_1")),
        ),
        extra_rows=(ExtraRow("options", r"^$", ("Respondent ID", "RespondentID", "Befragten-ID")),),
    ),
    Profile(
        name="zendesk",
        title="Zendesk tickets",
        needs=(
            ("Requester id", "Requester", "requester_id"),
            ("Ticket type", "Ticket form", "Satisfaction Score", "Satisfaction rating"),
            ("Created at", "Requested", "Ticket created - Timestamp"),
            ("Subject", "Ticket subject"),
        ),
        source="ticket",
        roles=(
            ("text", ("Satisfaction comment", "Description", "Subject", "Ticket subject")),
            ("score", ("Satisfaction Score", "Satisfaction rating")),
            ("id", ("Id", "Ticket ID", "ID")),
            ("date", ("Created at", "Requested", "Ticket created - Timestamp")),
            ("customer", ("Requester id", "Requester email", "Requester")),
            ("channel", ("Via", "Channel", "Ticket channel")),
        ),
        metric="csat",
    ),
    Profile(
        name="google_play",
        title="Google Play reviews",
        needs=(
            ("Star Rating",),
            ("Review Text",),
            ("Review Submit Date and Time", "Review Last Update Date and Time"),
        ),
        source="review",
        roles=(
            ("text", ("Review Text",)),
            ("score", ("Star Rating",)),
            ("date", ("Review Submit Date and Time", "Review Last Update Date and Time")),
            ("language", ("Reviewer Language",)),
        ),
        metric="mean",
        scale=(1, 5),
    ),
    Profile(
        name="trustpilot",
        title="Trustpilot",
        needs=(
            ("Review Stars",),
            ("Review Content",),
            ("Review Created (UTC)", "Review Created", "Created (UTC)"),
        ),
        source="review",
        roles=(
            ("text", ("Review Content",)),
            ("score", ("Review Stars",)),
            ("id", ("Review Id",)),
            ("date", ("Review Created (UTC)", "Review Created", "Created (UTC)")),
            ("customer", ("Review Consumer User Id", "Reference Id")),
            ("language", ("Review Language",)),
        ),
        metric="mean",
        scale=(1, 5),
    ),
    Profile(
        name="typeform",
        title="Typeform",
        needs=(
            ("Network ID",),
            ("Start Date (UTC)",),
            ("Submit Date (UTC)", "Stage Date (UTC)"),
        ),
        source="survey",
        roles=(
            ("id", ("#", "Token")),
            ("date", ("Submit Date (UTC)", "Stage Date (UTC)", "Start Date (UTC)")),
        ),
    ),
)
