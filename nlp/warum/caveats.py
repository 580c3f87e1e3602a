"""Statistical and reading doubts as types: a code, and a sentence in English and German.

A caveat stands beside the number it concerns. Codes are stable; sentences may be reworded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from warum.counted import has_forms, inflected

Ui = Literal["de", "en"]

SENTENCES: Mapping[str, Mapping[Ui, str]] = {
    "small_n": {
        "en": "Only {n:# case|# cases}: the interval may be too narrow.",
        "de": "Nur {n:# Fall|# Fälle}: Das Intervall kann zu schmal sein.",
    },
    "wide_interval": {
        "en": "The interval is wide: the data say little about this number.",
        "de": "Das Intervall ist breit: Die Daten sagen wenig über diese Zahl.",
    },
    "collinear": {
        "en": "Cannot be told apart from {others}: where it is mentioned follows from these.",
        "de": "Lässt sich von {others} nicht trennen: Wo es genannt wird, folgt aus diesen.",
    },
    "constant_score": {
        "en": "All scores are equal: nothing can be explained.",
        "de": "Alle Werte sind gleich: Es gibt nichts zu erklären.",
    },
    "few_scores": {
        "en": "Only {n:# answer|# answers} with a score: no reasons are estimated below {least}.",
        "de": "Nur {n:# Antwort|# Antworten} mit Wert: Unter {least} werden keine Gründe geschätzt.",
    },
    "few_clusters": {
        "en": "Only {n:# customer|# customers}: clustered intervals are uncertain.",
        "de": "Nur {n:# Kundin oder Kunde|# Kundinnen und Kunden}: Die Intervalle sind unsicher.",
    },
    "selection": {
        "en": "Who comments scores otherwise than who does not ({difference:+} points; {share} % comment): "
        "reasons are known only of those who write.",
        "de": "Wer kommentiert, bewertet anders als wer nicht kommentiert ({difference:+} Punkte; {share} % "
        "kommentieren): Gründe kennt man nur von denen, die schreiben.",
    },
    "scale_direction": {
        "en": "The texts contradict the direction of '{score}' (correlation {correlation}): "
        "is a lower value better?",
        "de": "Die Texte widersprechen der Richtung von „{score}“ (Korrelation {correlation}): "
        "Ist ein kleiner Wert besser?",
    },
    "mixed_dates": {
        "en": "Column '{column}' mixes day-month and month-day dates: "
        "{n:# ambiguous date feeds|# ambiguous dates feed} no trend.",
        "de": "Spalte „{column}“ mischt Tag-Monat und Monat-Tag: "
        "{n:# mehrdeutiges Datum geht|# mehrdeutige Daten gehen} in keinen Verlauf ein.",
    },
    "unread_dates": {
        "en": "{n:# date|# dates} in column '{column}' could not be read and {n:is|are} left empty.",
        "de": "{n:# Datum|# Daten} in Spalte „{column}“ "
        "{n:war nicht lesbar und bleibt|waren nicht lesbar und bleiben} leer.",
    },
    "unmatched_keys": {
        "en": "Join: {left:# row|# rows} found no partner in '{other}', {right} of its rows {right:was|were} not used.",
        "de": "Verknüpfung: {left:# Zeile fand|# Zeilen fanden} in „{other}“ keinen Partner, "
        "{right:# Zeile dort blieb|# Zeilen dort blieben} ungenutzt.",
    },
    "other_language": {
        "en": "{n:# comment is|# comments are} in a language the model does not read ({languages}); "
        "{n:it is|they are} kept without opinions.",
        "de": "{n:# Kommentar ist|# Kommentare sind} in einer Sprache, die das Modell nicht liest ({languages}); "
        "{n:er bleibt|sie bleiben} ohne Meinungen.",
    },
    "encoding": {
        "en": "'{file}' is not UTF-8; it was read as {encoding}.",
        "de": "„{file}“ ist kein UTF-8 und wurde als {encoding} gelesen.",
    },
    "in_sample": {
        "en": "{n} of the {all} comments {n:was|were} used to train the model: it errs less on {n:it|them} than "
        "on others.",
        "de": "An {n} der {all} Kommentare wurde das Modell trainiert: Bei {n:ihm|ihnen} irrt es seltener als "
        "bei anderen.",
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
        "en": "Read with {after}, before that with {before}: figures from before and after are not comparable.",
        "de": "Gelesen mit {after}, davor mit {before}: Zahlen von davor und danach sind nicht vergleichbar.",
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
        "en": "Every answer with a score mentions it: there is nothing to compare with.",
        "de": "Jede Antwort mit Wert nennt es: Es fehlt der Vergleich.",
    },
    "too_many_columns": {
        "en": "Too few people for so many categories: the {n:rarest one was|# rarest were} left out of the model.",
        "de": "Zu wenige Personen für so viele Kategorien: {n:Die seltenste fehlt|Die # seltensten fehlen} im Modell.",
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
        "en": "{n:The one mention comes|All # mentions come} with the same score: the interval may be too narrow.",
        "de": "{n:Die eine Nennung hat|Alle # Nennungen haben} denselben Wert: Das Intervall kann zu schmal sein.",
    },
    "audit_few": {
        "en": "A person saw it in the comments of only {n:# audited customer|# audited customers}; below "
        "{least} the correction "
        "is uncertain.",
        "de": "Nur in Kommentaren von {n:# geprüften Person|# geprüften Kundinnen und Kunden} sah es ein "
        "Mensch; unter {least} ist "
        "die Berichtigung unsicher.",
    },
    "audit_singular": {
        "en": "In the audit sample (almost) always mentioned together with {others}: the effect cannot be corrected.",
        "de": "In der Prüfstichprobe (fast) immer zusammen mit {others} genannt: Die Wirkung ist nicht zu berichtigen.",
    },
    "audit_pooled": {
        "en": "The {n:one pair|# pairs} with too few audited mentions {n:stands|stand} in the corrected model "
        "together, by polarity.",
        "de": "{n:Das eine Paar|Die # Paare} mit zu wenigen geprüften Nennungen {n:steht|stehen} im "
        "berichtigten Modell zusammen, je Polarität.",
    },
    "differential_error": {
        "en": "The model's errors depend on the score (p = {p}): its own figures mislead here, the corrected do not.",
        "de": "Die Fehler des Modells hängen vom Wert ab (p = {p}): Seine eigenen Zahlen täuschen hier, "
        "die berichtigten nicht.",
    },
    "low_agreement": {
        "en": "Two people agree little here (alpha {alpha}): what is true is itself in doubt.",
        "de": "Zwei Personen stimmen hier wenig überein (Alpha {alpha}): Was stimmt, ist selbst zweifelhaft.",
    },
    "empty_side": {
        "en": "No answer with a score in '{side}': there is nothing to compare.",
        "de": "Keine Antwort mit Wert in „{side}“: Es fehlt der Vergleich.",
    },
    "few_on_side": {
        "en": "Only {n:# answer|# answers} with a score in '{side}': below {least} no reasons for a change are given.",
        "de": "Nur {n:# Antwort|# Antworten} mit Wert in „{side}“: Unter {least} werden keine Gründe einer "
        "Änderung angegeben.",
    },
    "on_one_side": {
        "en": "Mentioned in '{side}' only: all of its part counts as being mentioned more or less often.",
        "de": "Nur in „{side}“ genannt: Sein ganzer Anteil zählt als häufigere oder seltenere Nennung.",
    },
    "split_withheld": {
        "en": "Fewer than {least} people mention it in '{side}': only its whole part is given.",
        "de": "Weniger als {least} Personen nennen es in „{side}“: Nur sein Anteil im Ganzen wird angegeben.",
    },
    "effect_of_other_side": {
        "en": "Fewer than {least} people mention it in '{side}': its effect is taken to be the same as in the other.",
        "de": "Weniger als {least} Personen nennen es in „{side}“: Als Wirkung gilt die der anderen Seite.",
    },
    "collinear_row": {
        "en": "{members} always come together, so they stand in one row.",
        "de": "{members} kommen immer zusammen vor und stehen deshalb in einer Zeile.",
    },
    "segment_on_one_side": {
        "en": "Only '{side}' has the segments {segments}: their part counts as a changed mix of segments.",
        "de": "Nur „{side}“ hat die Segmente {segments}: Ihr Anteil zählt als geänderte Zusammensetzung.",
    },
    "segments_pooled": {
        "en": "{n:# segment is|# segments are} too small to stand by {n:itself; it was|themselves; they were} "
        "merged with others.",
        "de": "{n:# Segment ist|# Segmente sind} zu klein, um für sich zu stehen; {n:es wurde|sie wurden} "
        "mit anderen zusammengelegt.",
    },
    "segments_disjoint": {
        "en": "The two groups share no segment: no changed mix of segments is split off.",
        "de": "Die beiden Gruppen haben kein Segment gemeinsam: Eine geänderte Zusammensetzung wird nicht abgetrennt.",
    },
    "shared_share": {
        "en": "Almost always mentioned together with {others}: how their shares divide is a convention.",
        "de": "Fast immer zusammen mit {others} genannt: Wie sich ihre Anteile teilen, ist eine Vereinbarung.",
    },
    "penalised": {
        "en": "{n:This mention separates|These # mentions separate} the classes of the score (complete separation): "
        "the estimate is held finite by a weak prior.",
        "de": "{n:Diese Nennung trennt|Diese # Nennungen trennen} die Klassen des Werts vollständig: "
        "Eine schwache Vorannahme hält die Schätzung endlich.",
    },
    "model_dependent": {
        "en": "The linear model gives {linear:+}: this number depends on the model.",
        "de": "Das lineare Modell ergibt {linear:+}: Diese Zahl hängt vom Modell ab.",
    },
    "no_convergence": {
        "en": "The model of the classes found no solution: the linear model's numbers stand here.",
        "de": "Das Modell der Klassen fand keine Lösung: Hier stehen die Zahlen des linearen Modells.",
    },
    "not_ordinal": {
        "en": "The score takes {n} values, more than {most}: the linear model's numbers stand here.",
        "de": "Der Wert hat {n} Ausprägungen, mehr als {most}: Hier stehen die Zahlen des linearen Modells.",
    },
    "interval_withheld": {
        "en": "Only {n:# person mentions it, or does|# people mention it, or do} not: too few for an interval.",
        "de": "Nur {n:# Person nennt es, oder nennt|# Personen nennen es, oder nennen} es nicht: zu wenige für "
        "ein Intervall.",
    },
    "pooled_spread": {
        "en": "{n:The one mention comes|All # mentions come} with the same score: the interval uses the spread "
        "of all scores.",
        "de": "{n:Die eine Nennung hat|Alle # Nennungen haben} denselben Wert: Das Intervall nutzt die Streuung "
        "aller Werte.",
    },
    "undated": {
        "en": "{n:# answer|# answers} without a date {n:is|are} left out of alerts and trends.",
        "de": "{n:# Antwort|# Antworten} ohne Datum {n:fehlt|fehlen} in Alarmen und Verlauf.",
    },
    "season_unknown": {
        "en": "Less than a year of history: a rise that comes every year looks like a change.",
        "de": "Weniger als ein Jahr Vorgeschichte: Was jedes Jahr steigt, sieht wie eine Veränderung aus.",
    },
    "short_history": {
        "en": "Too little history for alerts: {n:# period|# periods}; it takes at least {least}, with 50 "
        "answers in all.",
        "de": "Zu wenig Vorgeschichte für Alarme: {n:# Zeitraum|# Zeiträume}; es braucht mindestens "
        "{least} mit zusammen "
        "50 Antworten.",
    },
    "rank_by_weights": {
        "en": "The order of '{first}' and '{second}' depends on the weights chosen.",
        "de": "Die Reihenfolge von „{first}“ und „{second}“ hängt an den gewählten Gewichten.",
    },
    "journey_assumed": {
        "en": "For {share} % of these opinions the place in the journey is assumed from the category.",
        "de": "Bei {share} % dieser Meinungen ist der Ort in der Reise aus der Kategorie angenommen.",
    },
    "few_repeaters": {
        "en": "Only {n:# customer|# customers} wrote several times: this needs at least {least}.",
        "de": "Nur {n:# Kundin oder Kunde schrieb|# Kundinnen und Kunden schrieben} mehrmals: Das braucht "
        "mindestens {least}.",
    },
    "some_controls_left_out": {
        "en": "Too few people to adjust for everything; left out: {names}.",
        "de": "Zu wenige Personen, um alles herauszurechnen; nicht berücksichtigt: {names}.",
    },
    "sampled_customers": {
        "en": "Computed from {n} of {all} answers, those of customers drawn at random.",
        "de": "Aus {n} von {all} Antworten berechnet, denen zufällig gezogener Kundinnen und Kunden.",
    },
    "few_labels": {
        "en": "Only {n:# customer's|# customers'} comments are labelled: nothing is corrected below {least}.",
        "de": "Nur von {n:# Kundin oder Kunde|# Kundinnen und Kunden} sind Kommentare beurteilt: Unter {least} "
        "wird nichts berichtigt.",
    },
    "period_open": {
        "en": "{n:# answer|# answers} after {day} {n:is|are} not judged yet: {n:its|their} period is not over.",
        "de": "{n:# Antwort|# Antworten} nach dem {day} {n:ist|sind} noch nicht beurteilt: Ihr Zeitraum ist "
        "nicht zu Ende.",
    },
    "judged_before": {
        "en": "{n:# answer|# answers} up to {day} {n:is|are} not judged here: an earlier run has judged that time.",
        "de": "{n:# Antwort|# Antworten} bis zum {day} {n:wird|werden} hier nicht beurteilt: Diese Zeit hat ein "
        "früherer Lauf beurteilt.",
    },
    "outcome_undated": {
        "en": "It is not known on which day '{column}' came about: all comments count as written before.",
        "de": "Der Tag von „{column}“ ist nicht bekannt: Alle Kommentare gelten als vorher geschrieben.",
    },
    "after_outcome": {
        "en": "{n:# answer|# answers} on or after the day of '{column}', or without a date, {n:does|do} not count.",
        "de": "{n:# Antwort|# Antworten} am Tag von „{column}“, danach oder ohne Datum {n:zählt|zählen} nicht.",
    },
    "follow_up": {
        "en": "Who wrote lately had less time left for '{column}': effects are adjusted for the period only.",
        "de": "Wer zuletzt schrieb, hatte weniger Zeit für „{column}“: Wirkungen sind nur um den Zeitraum bereinigt.",
    },
    "index_ends": {
        "en": "'{column}' has no ends of its own: 0 and 100 are its 5th and 95th percentile, {worst} and {best}; "
        "name them in the weights file.",
        "de": "„{column}“ hat keine eigenen Enden: 0 und 100 sind sein 5. und 95. Perzentil, {worst} und {best}; "
        "die Gewichtsdatei kann sie nennen.",
    },
    "what_if_cause": {
        "en": "Assumed, not shown: the comments tell the cause of the score, and removing it changes the score.",
        "de": "Angenommen, nicht gezeigt: Die Kommentare nennen den Grund des Werts, und ohne ihn ändert er sich.",
    },
    "what_if_same_effect": {
        "en": "Assumed: those whose mind changes are like the average of those who mention it now.",
        "de": "Angenommen: Wer es nicht mehr (oder neu) nennt, gleicht dem Durchschnitt derer, die es jetzt nennen.",
    },
    "what_if_rest_stays": {
        "en": "Assumed: all else stays, and nobody complains of something else instead.",
        "de": "Angenommen: Alles andere bleibt, und niemand klagt stattdessen über anderes.",
    },
    "what_if_value": {
        "en": "Assumed: a point is worth {value} everywhere on the scale, and neither this nor the cost {cost} "
        "is uncertain.",
        "de": "Angenommen: Ein Punkt ist überall auf der Skala {value} wert, und weder dies noch die Kosten {cost} "
        "sind unsicher.",
    },
    "what_if_beyond": {
        "en": "The score would leave its scale: effects are not the same that far from what was observed.",
        "de": "Der Wert verließe seine Skala: So fern vom Beobachteten gelten die Wirkungen nicht.",
    },
    "what_if_unknown": {
        "en": "Nothing is known of {name}: too few people mention it, or its effect cannot be told apart.",
        "de": "Über {name} ist nichts bekannt: Zu wenige nennen es, oder seine Wirkung ist nicht zu trennen.",
    },
    "what_if_bound": {
        "en": "The corrected intervals of several categories are added up: the interval is wider than needed.",
        "de": "Die berichtigten Intervalle mehrerer Kategorien sind addiert: Das Intervall ist breiter als nötig.",
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
        said = {
            name: value if isinstance(value, str) else _Number(value, ui)
            for name, value in self.details
        }
        try:
            return SENTENCES[self.code][ui].format(**said)
        except KeyError as error:
            raise ValueError(f"caveat {self.code!r} needs the detail {error}") from None


class _Number:
    """A number in a sentence: thousands and decimals as the language writes them, "+" by the format "+"."""

    def __init__(self, value: float, ui: Ui) -> None:
        self._value, self._ui = value, ui

    def __format__(self, form: str) -> str:
        if has_forms(form):
            return inflected(form, format(self, ""), one=self._value == 1)
        size = abs(self._value)
        text = f"{size:,.{2 if size >= 1 else 3}f}".rstrip("0").rstrip(".")
        if self._ui == "de":
            text = text.translate(str.maketrans(",.", ".,"))
        sign = "−" if self._value < 0 and text != "0" else form if self._value > 0 else ""
        return sign + text
