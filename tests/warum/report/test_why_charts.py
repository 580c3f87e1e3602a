"""The pictures of the "why": static, whole, in both widths and languages."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import altair as alt
import pytest

from tests.warum.report.why_worlds import (
    NPS,
    UNKNOWN,
    alert,
    asymmetry,
    change,
    corrected,
    journey,
    line,
)
from tests.warum.report.worlds import estimate
from warum.caveats import Ui
from warum.report.asymmetry_chart import asymmetry_chart, ranked_asymmetries
from warum.report.change_chart import waterfall_chart
from warum.report.change_steps import waterfall_steps
from warum.report.chart_style import (
    BETTER,
    GRID,
    NARROW,
    NEUTRAL,
    WIDE,
    WORSE,
    Canvas,
    to_svg,
)
from warum.report.corrected_chart import corrected_chart, pictured_corrections
from warum.report.journey_chart import (
    journey_chart,
    stages_of,
    stands_apart,
    touchpoints_of,
)
from warum.report.numbers import MetricFormat
from warum.report.watch_chart import watch_chart

Draw = Callable[[Ui, Canvas], alt.Chart]


def waterfall(ui: Ui, canvas: Canvas, *, better_up: bool = True) -> alt.Chart:
    fmt = MetricFormat(NPS, ui)
    steps = waterfall_steps(change(), {}, fmt)
    return waterfall_chart(steps, fmt, "NPS", better_up=better_up, canvas=canvas)


def asymmetries(ui: Ui, canvas: Canvas) -> alt.Chart:
    rows = ranked_asymmetries(asymmetry().rows)
    return asymmetry_chart(rows, {}, MetricFormat(NPS, ui), canvas)


def watched(ui: Ui, canvas: Canvas) -> alt.Chart:
    return watch_chart(line(), (alert(),), "month", 5, ui, canvas)


def travelled(ui: Ui, canvas: Canvas) -> alt.Chart:
    fmt = MetricFormat(NPS, ui)
    return journey_chart(journey().rows, estimate(-20, 6), fmt, "NPS", canvas=canvas)


def audited(ui: Ui, canvas: Canvas) -> alt.Chart:
    rows = pictured_corrections(corrected().drivers)
    return corrected_chart(rows, {}, MetricFormat(NPS, ui), canvas=canvas)


PICTURES: tuple[Draw, ...] = (waterfall, asymmetries, watched, travelled, audited)


@pytest.mark.parametrize("draw", PICTURES, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("canvas", [WIDE, NARROW], ids=["wide", "narrow"])
def test_static_whole_and_the_same_every_time(draw: Draw, canvas: Canvas) -> None:
    for ui in ("de", "en"):
        svg = to_svg(draw(ui, canvas))
        assert f'width="{canvas.width}"' in svg[:200]
        assert not [word for word in ("<script", "<style", "href=", "NaN") if word in svg]
        assert len(svg) < 60_000
    assert to_svg(draw("en", canvas)) == svg


def test_a_waterfall_says_where_it_begins_and_ends() -> None:
    svg = to_svg(waterfall("de", WIDE))
    for text in (
        "Jan – Mär 2025",
        "Wer geantwortet hat",
        "reliability",
        "Jun 2025",
        "−48",
        "−15,0",
    ):
        assert f">{text}<" in svg, text
    assert f'fill="{WORSE}"' in svg  # the finding is filled
    assert f'fill="{BETTER}"' not in svg  # the praise could be chance


def test_lower_is_better_turns_the_colours() -> None:
    assert f'fill="{BETTER}"' in to_svg(waterfall("en", WIDE, better_up=False))


def test_asymmetries_stand_under_what_was_decided() -> None:
    svg = to_svg(asymmetries("en", WIDE))
    places = [svg.index(f">{name}<") for name in ("Must be right", "wait_time", "Counts both ways")]
    places += [
        svg.index(f">{name}<") for name in ("Delights", "The data do not decide", "delivery")
    ]
    assert places == sorted(places)


def test_the_alert_is_marked_and_small_groups_are_not_given_away() -> None:
    svg = to_svg(watched("de", WIDE))
    assert ">19 von 34<" in svg
    assert svg.count(f'fill="{WORSE}"') == 1
    assert f'fill="{GRID}"' in svg  # the pale bar of the month withheld
    months = [
        svg.index(f">{name}<") for name in ("Jan 2025", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul")
    ]
    assert months == sorted(months)  # March and May have no row, and still their place


def test_good_news_is_blue_and_neutral_news_grey() -> None:
    fall = alert(direction="fall", kind="drift")
    assert f'fill="{BETTER}"' in to_svg(watch_chart(line(), (fall,), "month", 5, "en"))
    neutral = alert(polarity="neutral")
    assert f'fill="{NEUTRAL}"' in to_svg(watch_chart(line(), (neutral,), "month", 5, "en"))


def test_a_lasting_change_is_marked_since_it_began() -> None:
    lasting = alert(kind="drift", began="2025-04-14")
    svg = to_svg(watch_chart(line(), (lasting,), "month", 5, "en"))
    assert svg.count(f'fill="{WORSE}"') == 3  # April, June and July
    assert " of 34<" not in svg


def test_stages_come_in_the_order_of_the_journey() -> None:
    rows = journey().rows
    assert [row.stage for row in stages_of(rows)] == ["awareness", "purchase"]
    assert [row.touchpoint for row in touchpoints_of(rows)] == ["contact_centre", "kiosk_x"]
    svg = to_svg(travelled("en", WIDE))
    assert "kiosk_x" not in svg  # it has no metric
    assert f'fill="{WORSE}"' in svg  # the contact centre
    assert f'fill="{BETTER}"' not in svg  # awareness could be as all


def test_many_places_need_more_to_stand_apart() -> None:
    metric = estimate(-30, 9)  # -39 to -21, all together -20
    assert [stands_apart(metric, -20, places) for places in (1, 12)] == [-1, 0]
    assert stands_apart(estimate(0, 9), -20, 12) == 1
    assert stands_apart(UNKNOWN, -20, 1) == 0


def test_a_journey_of_touchpoints_only() -> None:
    rows = [row for row in journey().rows if not row.stage]
    fmt = MetricFormat(NPS, "en")
    assert "Contact centre" in to_svg(journey_chart(rows, estimate(-20, 6), fmt, "NPS"))


def test_the_model_alone_stands_beside_the_correction() -> None:
    rows = corrected().drivers
    assert len(pictured_corrections((*rows, replace(rows[0], impact=UNKNOWN)))) == 2
    svg = to_svg(audited("en", WIDE))
    assert svg.count("mark-symbol") == 2
    assert math.isnan(rows[1].naive_impact.value)  # and is left out where there is none
