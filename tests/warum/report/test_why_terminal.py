from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.warum.report.why_worlds import change_row, comparison, differing, why
from tests.warum.report.worlds import facts
from warum.answers.change import Change
from warum.answers.why import Why
from warum.caveats import Ui
from warum.report.why_terminal import SHOWN, print_why
from warum.report.why_view import sections_of
from warum.result import Reading, Result, StoredColumns
from warum.taxonomy import Taxonomy


def printed(told: Why, result: Result, cx: Taxonomy, ui: Ui, width: int = 80) -> str:
    reading = Reading(result.comments, result.opinions, StoredColumns(), facts())
    out = io.StringIO()
    sections = sections_of(told, reading, cx, ui)
    print_why(sections, Console(file=out, width=width, color_system=None), ui)
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 132])
@pytest.mark.parametrize("ui", ["en", "de"])
def test_it_fits_the_width(one_score: Result, cx: Taxonomy, ui: Ui, width: int) -> None:
    text = printed(why(), one_score, cx, ui, width)
    assert all(cell_len(line) <= width for line in text.splitlines())


def test_sentences_come_before_figures(one_score: Result, cx: Taxonomy) -> None:
    text = printed(why(), one_score, cx, "en", 132)
    places = [text.index(part) for part in ("Why it moved", "NPS fell by", "Part", "−15.0  ")]
    assert places == sorted(places)
    assert "(+2.0)" in text  # could be chance
    assert "(–)" not in text
    assert "( ) could be chance" in text


def test_nothing_from_outside_steers_the_terminal(one_score: Result, cx: Taxonomy) -> None:
    parts = replace(differing().parts, names=("Nord\x1b[31m", "[bold]Süd[/bold]"))
    score = replace(why().scores[0], change=Change((replace(differing(), parts=parts),)))
    text = printed(why(score), one_score, cx, "en", 132)
    assert "\x1b" not in text
    assert "[bold]Süd[/bold]" in text


def test_long_tables_are_cut(one_score: Result, cx: Taxonomy) -> None:
    rows = tuple(change_row("wait_time", 1.0, 9.0) for _ in range(SHOWN + 3))
    parts = replace(comparison().parts, waterfall=rows)
    score = replace(why().scores[0], change=Change((replace(comparison(), parts=parts),)))
    assert "… and 3 more in the report" in printed(why(score), one_score, cx, "en")
