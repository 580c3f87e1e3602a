"""How people say it: counts, shares, what is left out, and every face of the report."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from importlib.resources import files

import jsonschema
import numpy as np
import pytest
from rich.console import Console
from scipy.stats import binomtest

from tests.warum.report.test_html import parsed
from tests.warum.report.worlds import HOSTILE, SECRET, estimate, score_result, with_manners, world
from warum.report import manner_sentences
from warum.report.chart_style import BETTER, NARROW, WIDE, WORSE, to_svg
from warum.report.html import render_html
from warum.report.manner import Manner, manners
from warum.report.manner_chart import manner_chart
from warum.report.notebook import notebook_html
from warum.report.summary import summarise
from warum.report.summary_records import Summary
from warum.report.terminal import print_summary
from warum.result import Result, SegmentMetric
from warum.table import Table, strings
from warum.taxonomy import Taxonomy


@pytest.fixture(scope="module")
def told() -> Result:
    return with_manners(world(score_result()))


@pytest.fixture(scope="module")
def summary_told(told: Result, cx: Taxonomy) -> Summary:
    return summarise(told, cx)


@pytest.fixture(scope="module")
def page(summary_told: Summary) -> str:
    return render_html(summary_told, "en")


def by_name(found: tuple[Manner, ...]) -> dict[str, Manner]:
    return {manner.manner: manner for manner in found}


def recoded(result: Result, column: str, old: str, new: str) -> Result:
    """The result with a value of a column replaced."""
    comments = result.comments
    columns = {name: comments[name] for name in comments.columns}
    columns[column] = strings([new if v == old else v for v in columns[column].tolist()])
    return replace(result, comments=Table(columns))


def test_counts_and_shares_with_the_interval_of_a_rate(summary_told: Summary) -> None:
    effort = by_name(summary_told.manners)["effort"]
    assert (effort.told, effort.hidden) == (36, 0)
    assert [(row.code, row.comments) for row in effort.rows] == [
        ("high", 13), ("low", 10), ("none", 13),
    ]  # fmt: skip # what says nothing comes last
    for row in effort.rows:
        wilson = binomtest(row.comments, 36).proportion_ci(method="wilson")
        assert row.share.value == pytest.approx(row.comments / 36)
        assert (row.share.low, row.share.high) == pytest.approx((wilson.low, wilson.high))
        assert (row.share.n, row.share.method) == (36, "wilson")


def test_several_comments_of_a_person_widen_the_interval(told: Result) -> None:
    comments = {name: told.comments[name] for name in told.comments.columns}
    comments["customer"] = strings([f"P{i // 2}" for i in range(len(told.comments))])
    shared = by_name(manners(replace(told, comments=Table(comments))))["effort"].rows[0].share
    alone = by_name(manners(told))["effort"].rows[0].share
    assert shared.value == alone.value
    assert shared.high - shared.low > alone.high - alone.low


def test_what_too_few_say_is_left_out_and_so_is_what_gives_it_away(summary_told: Summary) -> None:
    found = by_name(summary_told.manners)
    # Three are afraid: with the joyful shown, their number would be the rest.
    assert [row.code for row in found["emotion"].rows] == ["anger", "gratitude"]
    assert found["emotion"].hidden == 2
    assert [row.code for row in found["intent"].rows] == ["praise"]
    assert found["intent"].hidden == 3
    assert SECRET not in summary_told.to_json()
    assert "churn_risk" not in summary_told.to_json()


def test_the_metric_among_too_few_is_left_out(told: Result, cx: Taxonomy) -> None:
    (score,) = told.scores
    few = replace(score, manners=(SegmentMetric("emotion", "anger", estimate(-90, 5, 3), 3),))
    rows = by_name(summarise(replace(told, scores=(few,)), cx).manners)["emotion"].rows
    assert [row.metrics for row in rows] == [(None,), (None,)]
    assert by_name(summarise(told, cx).manners)["emotion"].rows[0].metrics[0] == estimate(
        -60, 5, 13
    )


def test_what_somebody_should_look_after_is_quoted(told: Result, cx: Taxonomy) -> None:
    many = recoded(told, "intent", "complaint", "bug_report")
    many = recoded(recoded(many, "intent", "praise", "other"), "intent", "churn_risk", "other")
    (bug, *_) = by_name(summarise(many, cx).manners)["intent"].rows
    assert (bug.code, bug.comments, len(bug.quotes)) == ("bug_report", 13, 3)
    assert len({quote.text for quote in bug.quotes}) == 3
    assert all(quote.marks == () for quote in bug.quotes)
    assert [row.quotes for row in by_name(manners(told))["effort"].rows] == [()] * 3


def test_quotes_are_data_on_the_page(told: Result, cx: Taxonomy) -> None:
    comments = {name: told.comments[name] for name in told.comments.columns}
    row = comments["text"].tolist().index(HOSTILE)
    comments["intent"] = strings(
        ["bug_report" if i % 2 == row % 2 else v for i, v in enumerate(comments["intent"])]
    )
    comments["intent_probability"] = np.where(np.arange(len(told.comments)) == row, 1.0, 0.4)
    html = render_html(summarise(replace(told, comments=Table(comments)), cx), "en")
    assert 'id="said-bug_report"' in html
    assert "<script>alert" not in html
    parsed(html)


def test_no_word_of_it_where_the_model_does_not_tell(
    summary: Summary, summary_none: Summary
) -> None:
    for silent in (summary, summary_none):
        assert silent.manners == ()
        assert silent.to_dict()["manners"] == []
        assert 'id="manner"' not in render_html(silent, "en")
        assert manner_sentences.manner_line(silent, "en") == ""
    empty = {"emotion": strings([None] * 40)}
    result = world()
    table = {name: result.comments[name] for name in result.comments.columns} | empty
    assert manners(replace(result, comments=Table(table))) == ()


def test_it_fits_the_schema(summary_told: Summary) -> None:
    schema = json.loads((files("warum.report") / "summary.schema.json").read_text("utf-8"))
    data = json.loads(summary_told.to_json())
    assert [manner["manner"] for manner in data["manners"]] == ["emotion", "intent", "effort"]
    jsonschema.validate(data, schema)


def test_the_page_has_a_section_with_picture_words_and_table(page: str) -> None:
    found = parsed(page)
    assert "#manner" in found.links
    for said in (
        "How people say it",
        "Most frequent emotion: anger, in 36% of the comments (22 to 52%); NPS among them: −60 (−65 to −55).",
        "Effort: High effort 36%",
        '<th scope="rowgroup" colspan="3"><b>Effort</b></th>',
        "High effort<small>13 comments</small>",
        "Not shown, because fewer than 5 people say it so or because that could be calculated: 5.",
    ):
        assert said in page, said


def test_it_speaks_german_without_a_score(cx: Taxonomy) -> None:
    summary = summarise(with_manners(world()), cx)
    html = render_html(summary, "de")
    assert "Häufigstes Gefühl: Ärger, in 36\u00a0% der Kommentare (22 bis 52\u00a0%)." in html
    assert "Wie es gesagt wird" in html
    assert "bei diesen" not in "".join(manner_sentences.manner_leads(summary, "de"))
    assert "NPS" not in to_svg(manner_chart(summary, "de"))


def test_the_picture_is_static_and_tells_good_from_bad(summary_told: Summary) -> None:
    for canvas in (WIDE, NARROW):
        svg = to_svg(manner_chart(summary_told, "de", canvas))
        assert f'width="{canvas.width}"' in svg[:200]
        assert "NaN" not in svg
        assert "<style" not in svg
        assert len(svg) < 60_000
        assert svg.count(f'fill="{WORSE}"') == 2  # anger, high effort
        assert svg.count(f'fill="{BETTER}"') == 3  # gratitude, praise, low effort
        assert svg.count(">Gefühl<") == svg.count(">Anliegen<") == 1 + canvas.labels_above
        assert "36\u00a0%" in svg
        assert "−60" in svg


def test_a_share_without_interval_does_no_harm(summary_told: Summary) -> None:
    (first, *rest) = summary_told.manners
    bare = replace(first.rows[0].share, low=math.nan, high=math.nan)
    manner = replace(first, rows=(replace(first.rows[0], share=bare), *first.rows[1:]))
    summary = replace(summary_told, manners=(manner, *rest))
    assert "NaN" not in to_svg(manner_chart(summary, "en"))
    assert "(–)" in manner_sentences.manner_leads(summary, "en")[0]


def test_terminal_and_notebook_have_a_line_of_it(summary_told: Summary) -> None:
    line = "Wie es gesagt wird: Ärger 36\u00a0% · Lob 56\u00a0% · Viel Aufwand 36\u00a0%"
    out = io.StringIO()
    print_summary(summary_told, Console(file=out, width=80, color_system=None), "de")
    assert line.replace("\u00a0", " ") in out.getvalue()
    assert line in notebook_html(summary_told, "de")
