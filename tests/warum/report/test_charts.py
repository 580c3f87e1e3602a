from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from tests.warum.report.worlds import driver, score_result, world
from warum.caveats import Ui
from warum.report import charts, upright_charts
from warum.report.chart_style import (
    BETTER,
    DARK,
    NARROW,
    NEUTRAL,
    WIDE,
    WORSE,
    Canvas,
    swap_colours,
    tick_label,
    to_svg,
)
from warum.report.summary import summarise
from warum.report.summary_records import ScoreSummary, Summary
from warum.result import SegmentMetric
from warum.taxonomy import Taxonomy


def drawn(summary: Summary, ui: Ui, canvas: Canvas) -> dict[str, str]:
    score = summary.scores[0]
    return {
        "drivers": to_svg(charts.drivers_chart(score, ui, canvas)),
        "segments": to_svg(charts.segments_chart(score, score.segments, ui, canvas)),
        "categories": to_svg(charts.categories_chart(summary.categories, ui, canvas)),
        "trend": to_svg(upright_charts.trend_chart(score, ui, canvas)),
        "distribution": to_svg(upright_charts.distribution_chart(score, ui, canvas)),
    }


@pytest.fixture(scope="module")
def wide(summary: Summary) -> dict[str, str]:
    return drawn(summary, "de", WIDE)


@pytest.fixture(scope="module")
def narrow(summary: Summary) -> dict[str, str]:
    return drawn(summary, "en", NARROW)


def test_pictures_are_static_and_whole(wide: dict[str, str], narrow: dict[str, str]) -> None:
    for pictures, width in ((wide, WIDE.width), (narrow, NARROW.width)):
        for name, svg in pictures.items():
            assert svg.startswith("<svg"), name
            assert f'width="{width}"' in svg[:200], name
            assert not {"<script", "<style", "href=", "NaN"} & {
                word for word in ("<script", "<style", "href=", "NaN") if word in svg
            }, name
            assert len(svg) < 60_000, name


def test_labels_carry_the_sign_and_numbers_the_comma(wide: dict[str, str]) -> None:
    assert "Wartezeit\u00a0−" in wide["drivers"]
    assert "−6,1" in wide["drivers"]


def test_a_period_without_answers_keeps_its_place(wide: dict[str, str]) -> None:
    places = [wide["trend"].index(f">{month} 2025<") for month in ("Jan", "Feb", "Mär", "Apr")]
    assert places == sorted(places)
    (line,) = re.findall(r'mark-line.*?<path[^>]*? d="([^"]*)"', wide["trend"])
    assert line.count("M") == 2  # broken where March is missing


def test_steps_that_nobody_gave_keep_their_place(summary: Summary) -> None:
    rows = upright_charts.distribution_rows(summary.scores[0], "en")
    assert [name for name, _, _ in rows] == [str(i) for i in range(11)]
    assert [count for _, count, _ in rows][:7] == [5, 0, 0, 0, 0, 0, 15]


def test_colour_says_better_or_worse_and_hollow_unclear(wide: dict[str, str]) -> None:
    assert wide["drivers"].count(f'stroke="{WORSE}"') == 4  # two dots, two lines
    assert wide["drivers"].count(f'fill="{WORSE}"') == 1  # the unclear one is hollow
    assert f'fill="{BETTER}"' in wide["drivers"]


def test_names_from_outside_are_text(wide: dict[str, str]) -> None:
    assert "&lt;i&gt;Süd&lt;/i&gt; &amp; Co" in wide["segments"]
    assert "<i>" not in wide["segments"]


def test_the_same_picture_every_time(summary: Summary, wide: dict[str, str]) -> None:
    assert to_svg(charts.drivers_chart(summary.scores[0], "de", WIDE)) == wide["drivers"]


def test_lower_is_better_turns_the_colours(cx: Taxonomy) -> None:
    score = score_result("mark", "mean")
    score = replace(
        score,
        scale=replace(score.scale, lower_is_better=True),
        drivers=(driver("wait_time", "negative", 0.3, 0.1, "mark"),),
    )
    svg = to_svg(charts.drivers_chart(summarise(world(score), cx).scores[0], "en"))
    assert WORSE in svg
    assert BETTER not in svg


def test_equal_names_keep_rows_of_their_own(summary: Summary) -> None:
    score = summary.scores[0]
    (first, *_) = score.segments
    two = [first, SegmentMetric("branch", first.value, first.estimate, 9)]
    svg = to_svg(charts.segments_chart(score, two, "en"))
    assert svg.count(f">{first.value}") == 2


def with_distribution(score: ScoreSummary, values: list[float]) -> ScoreSummary:
    return replace(score, distribution=tuple((value, 2) for value in values))


def test_many_values_are_put_into_bins(summary: Summary) -> None:
    score = with_distribution(summary.scores[0], [i / 3 for i in range(100)])
    rows = upright_charts.distribution_rows(score, "en")
    assert len(rows) == 20
    assert sum(count for _, count, _ in rows) == 200


def test_nps_classes_have_colours_also_where_lower_is_better(summary: Summary) -> None:
    score = with_distribution(summary.scores[0], [0, 8, 10])
    colours = [colour for _, _, colour in upright_charts.distribution_rows(score, "en")]
    assert colours == [WORSE] * 7 + [NEUTRAL] * 2 + [BETTER] * 2
    turned = replace(score, scale=replace(score.scale, lower_is_better=True))
    turned_colours = [colour for _, _, colour in upright_charts.distribution_rows(turned, "en")]
    assert turned_colours == colours[::-1]


def test_a_driver_without_number_or_interval_does_no_harm(cx: Taxonomy) -> None:
    bare = driver("ordering", "negative", -1.0, math.nan, "nps")
    none = driver("delivery", "negative", math.nan, math.nan, "nps")
    score = summarise(world(replace(score_result(), drivers=(bare, none))), cx).scores[0]
    assert [row.category for row in charts.pictured_drivers(score)] == ["ordering"]
    assert "NaN" not in to_svg(charts.drivers_chart(score, "en"))


def test_the_largest_segments_are_drawn() -> None:
    estimate = score_result().metric
    many = [SegmentMetric("b", f"s{i}", estimate, 5 + i) for i in range(30)]
    shown = charts.pictured_segments(many)
    assert len(shown) == charts.PICTURED_SEGMENTS
    assert shown[0].value == "s10"
    assert charts.pictured_segments(many[:3]) == tuple(many[:3])


def test_ticks_and_dark_colours() -> None:
    assert "'§'" in tick_label("de")
    assert "'§'" not in tick_label("en", suffix="%")
    css = swap_colours(".chart")
    assert all(light in css and dark in css for light, dark in DARK.items())


def test_the_readers_theme_changes_nothing(summary: Summary, wide: dict[str, str]) -> None:
    import altair as alt

    with alt.theme.enable("dark"):
        assert to_svg(charts.drivers_chart(summary.scores[0], "de", WIDE)) == wide["drivers"]
