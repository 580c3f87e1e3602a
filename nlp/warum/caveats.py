"""Statistical and reading doubts as types: a code, and a sentence in English and German.

A caveat stands beside the number it concerns. Codes are stable; sentences may be reworded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Ui = Literal["de", "en"]

SENTENCES: Mapping[str, Mapping[Ui, str]] = {
    "small_n": {
        "en": "Only {n} cases: the interval may be too narrow.",
        "de": "Nur {n} Fälle: Das Intervall kann zu schmal sein.",
    },
    "wide_interval": {
        "en": "The interval is wide: the data say little about this number.",
        "de": "Das Intervall ist breit: Die Daten sagen wenig über diese Zahl.",
    },
    "collinear": {
        "en": "Always mentioned together with {others}: the effects cannot be told apart.",
        "de": "Wird immer zusammen mit {others} genannt: Die Wirkungen sind nicht zu trennen.",
    },
    "constant_score": {
        "en": "All scores are equal: nothing can be explained.",
        "de": "Alle Werte sind gleich: Es gibt nichts zu erklären.",
    },
    "few_scores": {
        "en": "Only {n} scored occasions: no drivers are estimated below {least}.",
        "de": "Nur {n} bewertete Anlässe: Unter {least} werden keine Treiber geschätzt.",
    },
    "few_clusters": {
        "en": "Only {n} customers: clustered intervals are uncertain.",
        "de": "Nur {n} Kundinnen und Kunden: Die Intervalle sind unsicher.",
    },
    "scale_direction": {
        "en": "The texts contradict the direction of '{score}' (correlation {correlation}): "
        "is a lower value better?",
        "de": "Die Texte widersprechen der Richtung von „{score}“ (Korrelation {correlation}): "
        "Ist ein kleiner Wert besser?",
    },
    "mixed_dates": {
        "en": "Column '{column}' mixes day-month and month-day dates: {n} ambiguous dates feed no trend.",
        "de": "Spalte „{column}“ mischt Tag-Monat und Monat-Tag: {n} mehrdeutige Daten gehen in keinen Verlauf ein.",
    },
    "unread_dates": {
        "en": "{n} dates in column '{column}' could not be read and are left empty.",
        "de": "{n} Daten in Spalte „{column}“ waren nicht lesbar und bleiben leer.",
    },
    "unmatched_keys": {
        "en": "Join: {left} rows found no partner in '{other}', {right} of its rows were not used.",
        "de": "Verknüpfung: {left} Zeilen fanden in „{other}“ keinen Partner, {right} Zeilen dort blieben ungenutzt.",
    },
    "other_language": {
        "en": "{n} comments are in a language the model does not read ({languages}); "
        "they are kept without opinions.",
        "de": "{n} Kommentare sind in einer Sprache, die das Modell nicht liest ({languages}); "
        "sie bleiben ohne Meinungen.",
    },
    "encoding": {
        "en": "'{file}' is not UTF-8; it was read as {encoding}.",
        "de": "„{file}“ ist kein UTF-8 und wurde als {encoding} gelesen.",
    },
    "in_sample": {
        "en": "The model was trained on texts of this kind of source: its errors here may look too small.",
        "de": "Das Modell wurde an Texten dieser Quelle trainiert: Seine Fehler können hier zu klein wirken.",
    },
    "classifier_error": {
        "en": "Categories come from a model that errs: effects are probably larger than shown.",
        "de": "Die Kategorien stammen von einem Modell, das irrt: Wirkungen sind vermutlich größer als gezeigt.",
    },
    "suppressed": {
        "en": "Groups of fewer than {least} people are not shown (number: {n}).",
        "de": "Gruppen mit weniger als {least} Personen werden nicht gezeigt (Anzahl: {n}).",
    },
    "series_break": {
        "en": "Results of different models or taxonomies are not comparable over time.",
        "de": "Ergebnisse verschiedener Modelle oder Taxonomien sind zeitlich nicht vergleichbar.",
    },
    "long_text": {
        "en": "{n} comments are longer than {most} characters; they were read in windows.",
        "de": "{n} Kommentare sind länger als {most} Zeichen; sie wurden abschnittsweise gelesen.",
    },
    "no_customer": {
        "en": "No customer column: every row counts as a person of its own.",
        "de": "Keine Kundenspalte: Jede Zeile zählt als eigene Person.",
    },
    "invented": {
        "en": "Invented example data: no customer wrote this.",
        "de": "Erfundene Beispieldaten: Das hat kein Kunde geschrieben.",
    },
    "always_mentioned": {
        "en": "Every scored occasion mentions it: there is nothing to compare with.",
        "de": "Jeder bewertete Anlass nennt es: Es fehlt der Vergleich.",
    },
    "too_many_columns": {
        "en": "Too few people for so many categories: the {n} rarest were left out of the model.",
        "de": "Zu wenige Personen für so viele Kategorien: Die {n} seltensten fehlen im Modell.",
    },
    "controls_left_out": {
        "en": "Too few people for the controls: effects are not adjusted for them.",
        "de": "Zu wenige Personen für die Kontrollgrößen: Wirkungen sind nicht um sie bereinigt.",
    },
    "perfect_fit": {
        "en": "The mentions determine the score completely: no interval can be given.",
        "de": "Die Nennungen bestimmen den Wert vollständig: Ein Intervall ist nicht möglich.",
    },
    "separation": {
        "en": "All {n} mentions come with the same score: the interval may be too narrow.",
        "de": "Alle {n} Nennungen haben denselben Wert: Das Intervall kann zu schmal sein.",
    },
}


@dataclass(frozen=True, slots=True)
class Caveat:
    """A doubt about a number or about the reading of the data.

    Attributes:
        code: A key of `SENTENCES`.
        details: Pairs that fill the sentence's placeholders.

    Raises:
        ValueError: If the code is unknown or a placeholder is not filled.
    """

    code: str
    details: tuple[tuple[str, str | int | float], ...] = ()

    def __post_init__(self) -> None:
        if self.code not in SENTENCES:
            raise ValueError(f"unknown caveat {self.code!r}, expected one of {sorted(SENTENCES)}")
        self.sentence("en")

    @classmethod
    def of(cls, code: str, **details: str | int | float) -> Caveat:
        """Make a caveat from keyword details."""
        return cls(code, tuple(sorted(details.items())))

    def sentence(self, ui: Ui = "en") -> str:
        """The caveat as a sentence for people."""
        try:
            return SENTENCES[self.code][ui].format(**dict(self.details))
        except KeyError as error:
            raise ValueError(f"caveat {self.code!r} needs the detail {error}") from None
