"""What each section says, in both languages."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.warum.report import why_worlds as worlds
from tests.warum.report.worlds import estimate
from warum.answers.asymmetry import Asymmetry
from warum.caveats import Ui
from warum.metrics import ScoreScale
from warum.records import Estimate
from warum.report.chart_style import NARROW, to_svg
from warum.report.numbers import MetricFormat
from warum.report.why_alerts import alert_part, alert_sentence, alerts_lead, emotion_part
from warum.report.why_asymmetry import asymmetry_part
from warum.report.why_audit import audit_part
from warum.report.why_change import change_part, comparison_name
from warum.report.why_journey import journey_part
from warum.report.why_level import level_part
from warum.report.why_metrics import metric_parts
from warum.report.why_sections import Part
from warum.report.why_what_if import what_if_part
from warum.taxonomy import load_taxonomy

CX = load_taxonomy()
TITLES = {code: {"en": CX.title(code, "en"), "de": CX.title(code, "de")} for code in CX.codes}
EN, DE = MetricFormat(worlds.NPS, "en"), MetricFormat(worlds.NPS, "de")


def said(part: Part) -> str:
    return " ".join(part.leads).replace("\u00a0", " ")


def test_a_change_is_told_in_order() -> None:
    text = said(change_part(worlds.comparison(), TITLES, EN))
    parts = [
        "NPS fell by 30.0 points: from −18 (Jan – Mar 2025) to −48 (Jun 2025).",
        "That is more than chance: the interval runs from −41.0 to −19.0.",
        "by channel, that alone accounts for −10.0 points (−14.0 to −6.0).",
        "“phone” stands for 7% of the answers in Jan – Mar 2025 and 51% in Jun 2025.",
        "Within the same groups −20.0 points remain.",
        "“Reliability and punctuality” accounts for −15.0 points of it (−21.0 to −9.0)",
        "NPS among them −40 and −95.",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_groups_differ_and_do_not_fall() -> None:
    text = said(change_part(worlds.differing(), TITLES, DE))
    assert (
        "Der NPS liegt bei „<i>Süd</i> & Co“ (−48) um 30,0 Punkte niedriger als bei „Nord“ (−18)."
        in text
    )
    assert "gefallen" not in text
    assert comparison_name(worlds.differing(), "de") == "branch: Nord → <i>Süd</i> & Co"


def test_what_could_be_chance_is_called_so() -> None:
    parts = replace(
        worlds.change(),
        difference=estimate(3.0, 9.0),
        segment_mix=estimate(1.0, 4.0),
        waterfall=tuple(replace(row, selected=None) for row in worlds.change().waterfall),
    )
    text = said(change_part(replace(worlds.comparison(), parts=parts), TITLES, EN))
    assert "NPS rose by 3.0 points" in text
    assert "That could be chance: the interval runs from −6.0 to +12.0" in text
    assert "which could be chance." in text
    assert "No single topic’s part in it can be told apart from chance." in text
    assert "phone" not in text


def test_a_change_that_cannot_be_told() -> None:
    parts = replace(
        worlds.change(), difference=worlds.UNKNOWN, after=worlds.UNKNOWN, segment_mix=None,
        segments=(), waterfall=(), adjusted=(), unexplained=worlds.UNKNOWN,
    )  # fmt: skip
    part = change_part(replace(worlds.comparison(), parts=parts, mixes=()), TITLES, DE)
    assert (
        said(part)
        == "Der NPS lässt sich zwischen „Jan – Mär 2025“ und „Jun 2025“ nicht vergleichen."
    )
    assert part.figure is None
    assert part.sheets == ()


def test_tables_of_a_change() -> None:
    waterfall, segments, adjusted, mixes = change_part(worlds.comparison(), TITLES, EN).sheets
    first, hidden = waterfall.lines[0], waterfall.lines[2]
    assert (first.cells[0].text, first.cells[0].under) == ("−15.0", "−21.0 to −9.0")
    assert first.tone == "worse"
    assert (first.cells[1].text, first.cells[1].under) == ("16% → 56%", "20 → 19")
    assert hidden.cells[1].text == "– → 56%"
    assert hidden.cells[3].text == "–"
    assert hidden.tone == ""
    assert "Fewer than 5 people" in hidden.notes[0]
    assert segments.lines[0].name == "phone"
    assert [line.name for line in adjusted.lines] == [
        "Reliability and punctuality", "branch", "Not explained by anything here",
    ]  # fmt: skip
    assert [line.tone for line in mixes.lines] == ["worse", ""]


def test_level_names_the_surest_and_what_is_left() -> None:
    text = said(level_part(worlds.level(), worlds.shares(), TITLES, EN))
    assert (
        "What takes most away: complaints about waiting time (−6.1 points; −7.9 to −4.3)." in text
    )
    assert "price" not in text.lower()
    assert "NPS of answers that mention none of the topics would be −9 (−16 to −2)" in text
    assert "16% go with the topics, 8% with other known facts" in text
    bare = level_part(worlds.level(), worlds.shares(), TITLES, EN, pictured=False)
    assert bare.figure is None
    assert "come from a second model" in said(bare)
    assert "second model" not in text
    drivers, shares = bare.sheets
    assert "Rank" not in drivers.head
    assert "rank correlation 0.98" in drivers.about
    assert [line.cells[3].text for line in shares.lines[:2]] == ["lowers", "open"]
    assert shares.lines[0].cells[0].under == "± <0.1%" or "0.2%" in shares.lines[0].cells[0].under


def test_level_without_findings_or_drivers() -> None:
    unclear = replace(
        worlds.level(), rows=tuple(replace(row, selected=None) for row in worlds.level().rows)
    )
    assert "stands out clearly from chance" in said(
        level_part(unclear, worlds.shares(), TITLES, EN)
    )
    none = replace(unclear, rows=(), rest=worlds.UNKNOWN)
    nothing = replace(worlds.shares(), rows=())
    part = level_part(none, nothing, TITLES, EN)
    assert said(part) == "There are too few scored comments to estimate reasons."
    assert part.figure is None
    assert part.sheets == ()


def test_what_hurts_and_delights() -> None:
    part = asymmetry_part(worlds.asymmetry(), TITLES, DE)
    text = said(part)
    assert (
        "Kritik bei „Wartezeit“ kostet 60,0 Punkte (52,0 bis 68,0), "
        "Lob bei „Freundlichkeit“ bringt 44,0 Punkte (36,0 bis 52,0)." in text
    )
    assert "Muss stimmen: Wartezeit." in text
    assert "Begeistert: Freundlichkeit." in text
    assert "Bei 1 von 4 Themen entscheiden die Daten nicht" in text
    assert [line.name for line in part.sheets[0].lines][-1] == "Lieferung"
    assert part.sheets[0].lines[-1].notes


def test_asymmetry_that_nothing_decides_and_none_at_all() -> None:
    rows = tuple(replace(row, kind="undecided") for row in worlds.asymmetry().rows)
    text = said(asymmetry_part(Asymmetry(rows, (), 0.95, ()), TITLES, EN))
    assert "the data do not decide for any of the 4 topics: too few people speak of each." in text
    none = asymmetry_part(Asymmetry((), ("returns",), 0.95, ()), TITLES, EN)
    assert said(none) == "No topic is both praised and criticised by enough people."


@pytest.mark.parametrize(
    ("others", "ui", "sentence"),
    [
        ({}, "en", "Jun 2025: 19 of 34 answers mention it; about 4 were to be expected (0 to 9). 16 people"),
        ({"began": "2025-04-01", "kind": "drift"}, "de", "Seit Apr 2025: 19 von 34 Antworten nennen es"),
        ({"seen": None, "people": None, "direction": "fall"}, "en", "Jun 2025: hardly any of 34 answers mention it"),
        ({"seen": None, "began": "2025-03-01", "direction": "fall"}, "de", "Seit Mär 2025: Kaum eine von 34"),
        ({"expected": Estimate(0.3, 0, 2, 34, "beta-binomial")}, "de", "zu erwarten war fast keine (0 bis 2)"),
        ({"expected": Estimate(1.2, 0, 4, 34, "beta-binomial")}, "de", "zu erwarten war etwa 1 (0 bis 4)"),
        ({"expected": Estimate(1.2, 0, 4, 34, "beta-binomial")}, "en", "about 1 was to be expected (0 to 4)"),
        ({"day": "2025-06-04", "until": "2025-06-04", "began": "2025-06-04"}, "en", "4 Jun 2025: 19 of 34"),
        ({"day": "2025-06-09", "until": "2025-06-15", "began": "2025-05-12"}, "en", "Since 12 May 2025: 19"),
    ],
)  # fmt: skip
def test_alerts_as_sentences(others: dict[str, object], ui: Ui, sentence: str) -> None:
    assert sentence in alert_sentence(worlds.alert(**others), ui)


def test_how_many_alerts_and_what_they_are_worth() -> None:
    one = alerts_lead(worlds.trends(worlds.alert()), TITLES, "en")
    assert said(one).startswith("One change stands out")
    assert "at most 10%" in said(one)
    assert one.notes
    two = alerts_lead(worlds.trends(worlds.alert(), worlds.alert()), TITLES, "de")
    assert said(two).startswith("2 Veränderungen heben sich")
    none = alerts_lead(worlds.trends(), TITLES, "en")
    assert "does not prove that nothing changed" in said(none)
    undated = alerts_lead(replace(worlds.trends(), first="", last=""), TITLES, "en")
    assert said(undated) == "Without dates no change over time can be seen."


def test_an_alert_has_picture_words_and_a_word_on_what_is_withheld() -> None:
    part = alert_part(worlds.alert(), worlds.line(), "month", (), 5, TITLES, "en")
    assert part.heading.replace("\u00a0", " ") == "Waiting time − · branch: <b>Nord</b>"
    assert part.figure is not None
    assert "fewer than 5 people" in part.figure.caption
    withheld = alert_part(worlds.alert(), worlds.line()[1:2], "month", (), 5, TITLES, "en")
    assert withheld.figure is None


def test_emotions() -> None:
    part = emotion_part(worlds.trends().emotions, "en")
    assert said(part) == "Anger is most frequent at “Digital” (60%) and least at “On site” (20%)."
    assert part.sheets[0].head == ("Place", "Anger", "Joy")
    assert [line.name for line in part.sheets[0].lines] == ["On site", "Digital", "Jun 2025"]
    alike = [replace(row, share=estimate(0.3, 0.1)) for row in worlds.trends().emotions]
    assert "hardly differ" in said(emotion_part(alike, "en"))


def test_the_journey() -> None:
    part = journey_part(worlds.journey(), estimate(-20, 6), TITLES, EN)
    text = said(part)
    assert "NPS is lowest at “Contact centre”: −53 (−68 to −38)." in text
    assert "What moves it most there, in points: Waiting time − (−2.5)." in text
    assert (
        "given by the data for 10%, read from the text for 20% and assumed from the topic for 70%"
        in text
    )
    margins, both = part.sheets
    assert [line.name for line in margins.lines] == [
        "Awareness",
        "Purchase",
        "Contact centre",
        "kiosk_x",
    ]
    assert both.lines[0].name == "Purchase · Contact centre"
    assert "number: 3" in part.notes[0]


def test_a_journey_without_heights_or_rows() -> None:
    rows = tuple(replace(row, metric=estimate(-20, 9), drivers=()) for row in worlds.journey().rows)
    flat = replace(worlds.journey(), rows=rows, suppressed=0)
    assert "No stage and no touchpoint differs clearly" in said(
        journey_part(flat, estimate(-20, 6), TITLES, EN)
    )
    empty = journey_part(replace(flat, rows=()), estimate(-20, 6), TITLES, EN)
    assert empty.figure is None
    assert empty.sheets == ()


def test_the_audit() -> None:
    part = audit_part(worlds.corrected(), TITLES, DE)
    text = said(part)
    assert "Ein Mensch hat 300 Antworten von 250 Personen selbst zugeordnet" in text
    assert "„Wartezeit −“ am meisten: −8,4 (−10,4 bis −6,4). Das Modell allein sagt −6,1." in text
    assert "Alpha 0,72 (0,65 bis 0,78)" in text
    assert [line.tone for line in part.sheets[0].lines] == ["worse", ""]
    assert part.sheets[0].lines[1].cells[1].text == "–"
    drivers = tuple(replace(row, selected=None) for row in worlds.corrected().drivers)
    unclear = replace(worlds.corrected(), drivers=drivers, agreement=())
    assert "more labels would help" in said(audit_part(unclear, TITLES, EN))
    none = audit_part(replace(unclear, drivers=()), TITLES, EN)
    assert none.figure is None
    assert none.sheets == ()


def test_what_if_names_points_money_and_assumptions() -> None:
    part = what_if_part(worlds.what_if(), TITLES, EN)
    text = said(part)
    assert text.startswith(
        "If complaints about waiting time fell by 33%, and praise for staff attitude rose by 50%, NPS would, on "
        "the assumptions below, move by +3.0 points (+2.0 to +4.0): from −20 to −17."
    )
    assert "That would be worth 6,000 (4,000 to 8,000)." in text
    assert (
        "Less the cost of 1,500, 4,500 (2,500 to 6,500) would remain. It pays from a gain of 0.8 points on."
        in text
    )
    assert part.notes[0].startswith("Assumed, not shown")
    (sheet,) = part.sheets
    assert [line.cells[1].text for line in sheet.lines[:2]] == ["−33%", "+50%"]
    assert sheet.lines[2].name == "All together"


def test_what_if_without_money_interval_or_number() -> None:
    free = worlds.what_if(value=None, cost=None, net=None, break_even=None, corrected=True)
    text = said(what_if_part(free, TITLES, DE))
    assert "wert (" not in text
    assert "durch die Prüfung berichtigten" in text
    bare = Estimate(3.0, math.nan, math.nan, 40, "ptd")
    assert "No interval can be given." in said(what_if_part(replace(free, points=bare), TITLES, EN))
    unknown = replace(free, points=worlds.UNKNOWN, metric_after=math.nan)
    assert "cannot be told from these data" in said(what_if_part(unknown, TITLES, EN))
    (costless,) = [what_if_part(worlds.what_if(net=None, cost=None, break_even=None), TITLES, EN)]
    assert "Less the cost" not in said(costless)


def test_metrics_of_the_trade() -> None:
    outcomes, together, index, peak = metric_parts(worlds.metrics(), ["nps", "csat"], TITLES, "en")
    text = said(outcomes)
    assert (
        "Churn (“gekündigt”): 23% (18 to 28%), over 23 customers." in text or "customers." in text
    )
    assert "Only comments from before it happened count; 12 answers came later" in text
    assert "Most goes with “Waiting time −”: +3.1 (+2.1 to +4.1)." in text
    # what everybody expects comes last
    assert said(together).startswith(
        "Where “nps” is higher, “minutes” tends to be lower (−0.30). Where “nps”"
    )
    assert (
        "The weighted index is 50.2 of 100 (47.7 to 52.7), made of nps (75%), csat (25%)."
        in said(index)
    )
    assert "stays the same in 82% of the cases" in said(index)
    assert index.figure is not None
    assert "<svg" in to_svg(index.figure.draw(NARROW))
    assert index.sheets[0].lines[2].cells[1].text == "–"
    assert "the worst comment foretells the last score (nps) better" in said(peak)
    assert (
        "neither the worst nor the best nor the last comment foretells the last score (csat)"
        in said(peak)
    )
    assert peak.notes[0].startswith("ces: Only 4 customers")
    assert [line.name for line in peak.sheets[0].lines if line.head] == ["nps", "csat"]


def test_metrics_that_are_not_there_take_no_room() -> None:
    nothing = replace(worlds.metrics(), outcomes=(), correlations=(), happiness=None, peak_end=())
    assert metric_parts(nothing, ["nps"], TITLES, "de") == ()
    unsure = tuple(replace(row, q_value=0.5) for row in worlds.metrics().correlations)
    (part,) = metric_parts(replace(nothing, correlations=unsure), ["nps"], TITLES, "de")
    assert said(part).startswith("Keine zwei davon gehen über den Zufall hinaus zusammen.")


@pytest.mark.parametrize("metric", ["csat", "mean", "rate", "ces"])
def test_other_metrics_read_well(metric: str) -> None:
    scale = ScoreScale("Stars", metric, 1, 5)  # type: ignore[arg-type]
    for ui in ("en", "de"):
        fmt = MetricFormat(scale, ui)
        parts = [
            change_part(worlds.comparison(), TITLES, fmt),
            level_part(worlds.level(), worlds.shares(), TITLES, fmt),
            asymmetry_part(worlds.asymmetry(), TITLES, fmt),
            journey_part(worlds.journey(), estimate(-20, 6), TITLES, fmt),
        ]
        for part in parts:
            assert all(text[0] == text[0].upper() for text in part.leads if text[0].isalpha())
            assert "{" not in said(part)
            assert not math.isnan(len(said(part)))
