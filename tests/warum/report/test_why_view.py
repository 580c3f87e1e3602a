from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.warum.report.test_html import parsed
from tests.warum.report.why_worlds import alert, comparison, differing, score_why, trends, why
from tests.warum.report.worlds import SECRET, facts, score_result, world
from warum.answers.change import Change
from warum.caveats import Ui
from warum.metrics import ScoreScale
from warum.report.html import render_html
from warum.report.summary import summarise
from warum.report.summary_records import Summary
from warum.report.why_view import sections_of
from warum.result import Reading, Result, StoredColumns
from warum.taxonomy import Taxonomy


@pytest.fixture(scope="module")
def reading() -> Reading:
    result = world(score_result())
    return Reading(result.comments, result.opinions, StoredColumns(), facts())


def test_every_question_has_its_section(reading: Reading, cx: Taxonomy) -> None:
    keys = [section.key for section in sections_of(why(), reading, cx, "en")]
    assert keys == [
        "change",
        "level",
        "asymmetry",
        "alerts",
        "journey",
        "metrics",
        "what_if",
        "audit",
    ]


def test_what_was_not_asked_is_left_out_but_the_audit_is_offered(
    reading: Reading, cx: Taxonomy
) -> None:
    bare = replace(score_why(), change=None, corrected=None, what_if=None)
    told = replace(why(bare), trends=None, metrics=None)
    sections = sections_of(told, reading, cx, "en")
    assert [section.key for section in sections] == ["level", "asymmetry", "journey", "audit"]
    assert "warum audit draw" in sections[-1].parts[0].leads[0]


@pytest.mark.parametrize("ui", ["en", "de"])
def test_the_level_says_where_the_corrected_figures_stand(
    reading: Reading, cx: Taxonomy, ui: Ui
) -> None:
    with_audit, without = (
        {section.key: section for section in sections_of(why(score), reading, cx, ui)}
        for score in (score_why(), replace(score_why(), corrected=None))
    )
    notes = with_audit["level"].parts[0].notes
    assert any(with_audit["audit"].title in note for note in notes)
    assert len(without["level"].parts[0].notes) == len(notes) - 1


def test_several_comparisons_and_scores(reading: Reading, cx: Taxonomy) -> None:
    both = replace(score_why(), change=Change((comparison(), differing())))
    csat = score_why(ScoreScale("zufrieden", "csat", 1, 5))
    change, *_ = sections_of(why(both, csat), reading, cx, "en")
    assert [part.heading for part in change.parts] == [
        "Jan – Mar 2025 → Jun 2025", "branch: Nord → <i>Süd</i> & Co",
    ]  # fmt: skip
    assert [part.heading for part in change.more] == ["CSAT"]
    assert change.more_title == "The same for CSAT"
    assert change.title == "Why it moved"
    groups = replace(score_why(), change=Change((differing(),)))
    assert sections_of(why(groups), reading, cx, "de")[0].title == "Warum sie sich unterscheiden"


def test_alerts_bring_the_comments_behind_them(reading: Reading, cx: Taxonomy) -> None:
    alerts = sections_of(why(), reading, cx, "en")[3]
    told = alerts.parts[1]
    behind = {"Comment c0", "Comment c1", "Comment c12", "Comment c13"}
    assert len(told.quotes) == 3
    assert {quote.reference for quote in told.quotes} <= behind
    assert any(piece.own for piece in told.quotes[0].pieces)
    many = replace(why(), trends=trends(*[alert()] * 6))
    further = sections_of(many, reading, cx, "en")[3]
    assert len(further.more) == 2
    assert further.more_title == "Further alerts (2)"


def test_filters_are_said_first(reading: Reading, cx: Taxonomy) -> None:
    some = replace(why(), filters=("branch=<b>Nord</b>", "since 2025-03"))
    for section in sections_of(some, reading, cx, "en"):
        assert (
            section.parts[0].leads[0]
            == "Only part of the answers: branch=<b>Nord</b>, since 2025-03."
        )


def test_the_page_holds_it_all_and_stands_alone(
    reading: Reading, cx: Taxonomy, one_score: Result
) -> None:
    hostile = replace(score_why(), change=Change((differing(),)))
    sections = sections_of(why(hostile), reading, cx, "de", drivers_pictured=False)
    html = render_html(summarise(one_score, cx), "de", sections)
    page = parsed(html)
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert {"change", "level", "asymmetry", "alerts", "journey", "what_if"} <= set(page.ids)
    assert page.ids.index("change") < page.ids.index("score-1") < page.ids.index("level")
    assert "<i>Süd" not in html
    assert "<b>Nord" not in html
    assert SECRET not in html
    assert not re.search(r"url\(|@import|NaN", html)
    assert len(html.encode()) < 1_000_000


def test_a_page_without_a_why_has_none_of_it(summary_none: Summary) -> None:
    assert 'id="level"' not in render_html(summary_none, "en")
