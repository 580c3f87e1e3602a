"""The report's parts for a page that stands around them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.warum.report.worlds import SECRET, with_manners
from warum.caveats import Caveat
from warum.report.chart_style import NARROW, WIDE, drawn, to_svg
from warum.report.charts import drivers_chart
from warum.report.html import Asking, Embedded, embed_reasons, embed_topics, render_html
from warum.report.summary import Summary, summarise
from warum.result import Result
from warum.taxonomy import Taxonomy


def linked(category: str, polarity: str | None) -> str:
    return f"/c?category={category}&polarity={polarity or ''}"


@pytest.fixture(scope="module")
def shown(two_scores: Result, cx: Taxonomy) -> Summary:
    return summarise(with_manners(two_scores), cx)


@pytest.fixture(scope="module")
def reasons(shown: Summary) -> Embedded:
    return embed_reasons(shown, "de", (), linked)


@pytest.fixture(scope="module")
def topics(shown: Summary) -> str:
    return embed_topics(shown, "de", linked)


def test_it_is_what_the_report_shows(shown: Summary, reasons: Embedded, topics: str) -> None:
    report = render_html(shown, "de")
    for part in (reasons.head, reasons.reasons, topics):
        for heading in re.findall(r"<h[1-3][^>]*>(.*?)</h[1-3]>", part, re.DOTALL):
            assert heading in report
        for picture in re.findall(r"<svg.*?</svg>", part, re.DOTALL):
            assert picture in report
        assert "<script" not in part
        assert "<style" not in part


def test_a_doubt_about_the_scale_leads_to_where_it_is_settled(shown: Summary) -> None:
    doubt = Caveat.of("scale_direction", score="nps", correlation=-0.5)
    score = replace(shown.scores[0], caveats=(doubt,))
    summary = replace(shown, scores=(score, *shown.scores[1:]), caveats=(doubt,))
    asking = Asking("/columns", ("a", "<b>"))
    for ui, words in (
        ("de", "Sagen, in welche Richtung die Skala geht"),
        ("en", "Say which way the scale goes"),
    ):
        page = embed_reasons(summary, ui, (), linked, asking).reasons
        assert f'<a href="/columns">{words}</a>' in page
        assert words in embed_topics(summary, ui, linked, asking)
        assert words not in render_html(summary, ui)
    assert "2 columns were not used: a, &lt;b&gt;." in embed_topics(summary, "en", linked, asking)


def test_topics_lead_to_where_the_page_has_their_comments(reasons: Embedded, topics: str) -> None:
    assert '<a class="topic" href="/c?category=wait_time&amp;polarity=negative"' in reasons.reasons
    assert '<a href="/c?category=wait_time&amp;polarity=">' in topics
    whole = reasons.head + reasons.reasons + topics
    anchors = set(re.findall(r'href="#([^"]+)"', whole))
    ids = set(re.findall(r'id="([^"]+)"', whole))
    assert anchors <= ids
    assert "quotes" not in ids


def test_what_too_few_people_said_is_not_there(reasons: Embedded, topics: str) -> None:
    assert SECRET not in reasons.head + reasons.reasons + topics


@pytest.mark.parametrize("canvas", [WIDE, NARROW])
def test_a_picture_is_the_same_whether_it_is_checked_or_not(shown: Summary, canvas: object) -> None:
    score = shown.scores[0]
    assert isinstance(canvas, type(WIDE))
    checked = to_svg(drivers_chart(score, "en", canvas))
    assert drawn(lambda at: drivers_chart(score, "en", at), canvas) == checked
