from __future__ import annotations

from dataclasses import replace

from tests.warum.report.worlds import driver, score_result, world
from warum.report.notebook import notebook_html
from warum.report.summary import summarise
from warum.report.summary_records import Summary
from warum.taxonomy import Taxonomy


def test_a_small_fragment_with_picture_and_table(summary_two: Summary) -> None:
    html = notebook_html(summary_two, "de")
    assert html.startswith("<div class='warum-card'>")
    assert html.count("<svg") == 2
    assert "<td>Wartezeit\u00a0−</td><td>−6,1</td>" in html
    assert "Der CSAT liegt bei" in html
    assert len(html) < 80_000
    assert "<script" not in html
    assert "http" not in html.replace("http://www.w3.org/", "")


def test_without_scores_and_drivers(summary_none: Summary, cx: Taxonomy) -> None:
    assert "<svg" not in notebook_html(summary_none)
    bare = summarise(world(replace(score_result(), drivers=())), cx)
    assert "<table" not in notebook_html(bare)


def test_invented_data_say_so(summary_none: Summary) -> None:
    invented = replace(summary_none, facts=replace(summary_none.facts, invented=True))
    assert "Invented example data" in notebook_html(invented)


def test_names_from_outside_are_text(cx: Taxonomy) -> None:
    score = score_result("<b>x</b>", "mean")
    score = replace(score, drivers=(driver("<i>own</i>", "negative", -1, 0.2, "<b>x</b>"),))
    html = notebook_html(summarise(world(score), cx))
    assert "<i>own" not in html
    assert "<b>x" not in html
    assert "&lt;b&gt;x" in html
