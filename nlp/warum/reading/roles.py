"""Roles that a header tells: id, customer, date, question, source, channel, language and others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from warum.reading.dates import share_of_dates
from warum.reading.facts import Facts
from warum.reading.languages import language_code
from warum.reading.records import Role

INVENTED = "invented example"
_CHECKED = 300


@dataclass(frozen=True, slots=True)
class _Rule:
    """Headers in order of preference, and what the values must look like."""

    headers: tuple[str, ...]
    holds: Callable[[Facts], bool]
    endings: tuple[str, ...] = ()  # "FFT question" is a question column if it is the only one


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("|"))


def _is_id(facts: Facts) -> bool:
    return facts.fill >= 0.9 and facts.repeated == 0


def _is_customer(facts: Facts) -> bool:
    return facts.fill >= 0.1 and len(facts.distinct) > 1 and facts.mean_length < 60


def _is_date(facts: Facts) -> bool:
    return share_of_dates(facts.distinct[:_CHECKED]) >= 0.8


def _is_question(facts: Facts) -> bool:
    return _is_wordy_and_few(facts, most=500) and facts.mean_length >= 4


def _is_kind(facts: Facts) -> bool:
    return _is_wordy_and_few(facts, most=60)


def _is_wordy_and_few(facts: Facts, most: int) -> bool:
    varied = len(facts.sample) > 20 and facts.distinct_share > 0.5
    return facts.lettered >= 0.5 and len(facts.distinct) <= most and not varied


def _is_language(facts: Facts) -> bool:
    known = sum(language_code(cell) is not None for cell in facts.distinct)
    return bool(facts.distinct) and known >= 0.8 * len(facts.distinct)


_RULES: Mapping[Role, _Rule] = {
    "id": _Rule(
        _names(
            "response id|responseid|response no|antwort id|antwortid|id|comment id|"
            "kommentar id|review id|feedback id|ticket id|ticketid|ticket nr|ticket no|"
            "ticketnummer|submission id|survey response id|interview id|case id|fall id|"
            "fallnummer|record id|lfdn|lfd nr|#|token|uuid|_id"
        ),
        _is_id,
    ),
    "customer": _Rule(
        _names(
            "customer id|customerid|customer|customer no|customer number|kunden id|kundenid|"
            "kundennummer|kunden nr|kunde|kunden nummer|kundin|respondent id|respondentid|"
            "respondent|user id|userid|client id|contact id|kontakt id|account id|member id|"
            "mitglied|mitgliedsnummer|patient id|patienten id|employee id|mitarbeiter id|"
            "person id|personid|participant id|teilnehmer id|requester id|reviewer id|"
            "visitor id|consumer id|guest id|gast id|panelist id"
        ),
        _is_customer,
    ),
    "date": _Rule(
        _names(
            "date|datum|response date|antwortdatum|review date|survey date|feedback date|"
            "submitted at|submit date|submit date utc|submission date|submitted|abgesendet am|"
            "recorded date|recordeddate|end date|enddate|completed at|date created|created at|"
            "created|created date|erstellt am|erstellt|erstellungsdatum|eingangsdatum|"
            "bewertungsdatum|befragungsdatum|timestamp|zeitstempel|zeitpunkt|time|published at|"
            "published date|posted at|date of response|start date|startdate|tag|day"
        ),
        _is_date,
        (" date", " datum"),
    ),
    "question": _Rule(
        _names(
            "question|question text|frage|fragetext|fragestellung|survey question|prompt|"
            "questiontext"
        ),
        _is_question,
        (" question", " question text", " frage"),
    ),
    "source": _Rule(
        _names(
            "source|quelle|data source|datenquelle|feedback source|herkunft|source type|"
            "plattform|platform"
        ),
        _is_kind,
    ),
    "channel": _Rule(
        _names(
            "channel|kanal|contact channel|kontaktkanal|kommunikationskanal|service channel|"
            "via|vertriebskanal|sales channel"
        ),
        _is_kind,
    ),
    "language": _Rule(
        _names(
            "language|sprache|lang|locale|user language|userlanguage|reviewer language|"
            "language code|sprachcode|detected language"
        ),
        _is_language,
    ),
    "stage": _Rule(
        _names(
            "stage|journey stage|customer journey stage|phase|journey phase|reisephase|"
            "customer journey phase|journey"
        ),
        _is_kind,
    ),
    "touchpoint": _Rule(
        _names(
            "touchpoint|touch point|touchpoints|kontaktpunkt|kontakt punkt|customer touchpoint|"
            "berührungspunkt"
        ),
        _is_kind,
    ),
}


def fits_role(role: Role, facts: Facts) -> bool:
    """Whether the values of a column can be what a role wants."""
    return bool(facts.filled) and _RULES[role].holds(facts)


def why_no_id(facts: Mapping[str, Facts], taken: Collection[str]) -> str | None:
    """A sentence on a column that is named like an id and repeats values; None if there is none."""
    for header, candidate in facts.items():
        named = candidate.words in _RULES["id"].headers
        if named and header not in taken and candidate.fill >= 0.9 and candidate.repeated > 0:
            return (
                f"Column {header!r} holds {candidate.repeated} repeated values and was not taken "
                f"as the response id; --id {header!r} takes it and rejects the repeating rows."
            )
    return None


def detect_role(role: Role, facts: Mapping[str, Facts], taken: Collection[str]) -> str | None:
    """The column whose header names a role and whose values fit it.

    Args:
        role: One of those in this module's title.
        facts: Header to facts, in column order.
        taken: Headers that have a role already.

    Returns:
        The header; None if there is no such column.
    """
    rule = _RULES[role]
    free = [f for header, f in facts.items() if header not in taken and f.filled]
    for name in rule.headers:
        for candidate in free:
            if candidate.words == name and rule.holds(candidate):
                return candidate.header
    ending = [f for f in free if f.words.endswith(rule.endings) and rule.holds(f)]
    return ending[0].header if len(ending) == 1 else None


def is_invented(header: str) -> bool:
    """Whether a header declares the file as invented example data."""
    return header.strip().casefold().replace("_", " ") == INVENTED
