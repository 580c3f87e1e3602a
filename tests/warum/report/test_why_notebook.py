from __future__ import annotations

import pytest

from tests.warum.report.test_html import parsed
from tests.warum.report.why_worlds import why
from tests.warum.report.worlds import SECRET, facts
from warum.report.why_notebook import WhyCard, why_html
from warum.report.why_sections import Section
from warum.report.why_view import sections_of
from warum.result import Reading, Result, StoredColumns
from warum.taxonomy import Taxonomy


@pytest.fixture(scope="module")
def sections(one_score: Result, cx: Taxonomy) -> tuple[Section, ...]:
    reading = Reading(one_score.comments, one_score.opinions, StoredColumns(), facts())
    return sections_of(why(), reading, cx, "de")


def test_a_card_has_sentences_a_picture_and_tables(sections: tuple[Section, ...]) -> None:
    html = WhyCard(sections[:1], "de")._repr_html_()
    parsed(html)
    assert "Der NPS ist um 30,0\u00a0Punkte gefallen" in html
    assert html.count("<svg") == 1
    assert "<details><summary>Das Bild als Tabelle</summary>" in html
    assert "−15,0<small>−21,0 bis −9,0</small>" in html


def test_texts_from_outside_stay_texts(sections: tuple[Section, ...]) -> None:
    (alerts,) = [section for section in sections if section.key == "alerts"]
    html = why_html([alerts], "de")
    parsed(html)
    assert "&lt;b&gt;Nord&lt;/b&gt;" in html
    assert "<b>Nord" not in html
    assert SECRET not in html
    assert "<blockquote>" in html


def test_a_card_as_text(sections: tuple[Section, ...]) -> None:
    told = repr(WhyCard(sections, "de"))
    assert told.startswith(
        "Warum sich der Wert bewegt hat: Der NPS ist um 30,0\u00a0Punkte gefallen"
    )
