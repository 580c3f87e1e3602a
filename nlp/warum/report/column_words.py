"""Why a column was taken for what it is, in the reader's language.

The reading says it in English, as phrases joined by ", "; what has no German form stays.
"""

from __future__ import annotations

import re

from warum.caveats import Ui
from warum.report.words import say
from warum.result import ColumnUse

_GERMAN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), german)
    for pattern, german in (
        ("header", "Überschrift"),
        ("made by the service", "vom Dienst vergeben"),
        ("header of the text column", "Überschrift der Textspalte"),
        ("longest free text", "längster freier Text"),
        ("the only free text", "einziger freier Text"),
        ("profile (.+)", r"Export von \1"),
        ("integers (.+)-(.+)", r"ganze Zahlen \1–\2"),
        ("numbers (.+)-(.+)", r"Zahlen \1–\2"),
        ("stars (.+)-(.+)", r"Sterne \1–\2"),
        ("labels in words", "Stufen in Worten"),
        ("yes/no", "ja/nein"),
        ("as (NPS|CSAT|CES)", r"als \1"),
        ("as mean", "als Mittelwert"),
        ("as churn", "als Abwanderung"),
        ("as repurchase", "als Wiederkauf"),
        ("as first response time", "als Zeit bis zur ersten Antwort"),
        ("as resolution time", "als Zeit bis zur Lösung"),
        ("as ticket volume", "als Zahl der Tickets"),
        ("as lifetime value", "als Kundenwert"),
        ("told by its day", "am Tag erkannt"),
        ("dated by (.+)", r"datiert durch \1"),
        ("as rate", "als Anteil"),
        ("dates", "Daten"),
        ("read day first", "Tag zuerst gelesen"),
        ("dates of mixed order", "Daten in gemischter Reihenfolge"),
        ("day-month order", "Tag vor Monat"),
        ("month-day order", "Monat vor Tag"),
    )
)


_OURS = ("question", "source", "channel", "language", "stage", "touchpoint")
"""Columns of a result that have names of ours."""


def column_name(name: str, ui: Ui) -> str:
    """What a column of a result is called: one of ours in the reader's language, another as in the data."""
    return say(f"role_{name}", ui) if name in _OURS else name


def column_reason(use: ColumnUse, ui: Ui) -> str:
    """Why the column was taken for its role; "named by you" where the user said so."""
    phrases = use.how.split(", ") if use.how else []
    if use.given:
        phrases = [phrase for phrase in phrases if phrase != "given"]
        return ", ".join([say("given", ui), *(_phrase(phrase, ui) for phrase in phrases)])
    return ", ".join(_phrase(phrase, ui) for phrase in phrases)


def _phrase(phrase: str, ui: Ui) -> str:
    if ui == "de":
        for pattern, german in _GERMAN:
            if found := pattern.fullmatch(phrase):
                return found.expand(german)
    return phrase
