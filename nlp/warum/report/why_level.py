"""Why the metric is where it is, in words: what weighs most, what nothing explains, and whose part is how large."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from warum.answers.level import Level, LevelRow
from warum.caveats import Caveat, Ui
from warum.reasons.shares import Share, Shares
from warum.report.chart_rows import finite, forest
from warum.report.chart_style import BETTER, PAPER, WORSE, Canvas
from warum.report.numbers import MetricFormat, number, percent, percents, q_value
from warum.report.sentences import inline, metric_named
from warum.report.summary import higher_is_better
from warum.report.summary_records import PICTURED
from warum.report.why_labels import Titles, topic
from warum.report.why_sections import (
    Cell,
    Figure,
    Line,
    Part,
    Sheet,
    amount,
    caveat_texts,
    change_cell,
    improves,
)
from warum.report.words import say

if TYPE_CHECKING:
    import altair as alt

_NO_DRIVERS = frozenset({"few_scores", "constant_score"})


def level_part(
    level: Level, shares: Shares, titles: Titles, fmt: MetricFormat, *, pictured: bool = True
) -> Part:
    """The drivers as sentences, forest and tables.

    Args:
        level: What was estimated.
        shares: How the differences between answers divide.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
        pictured: Whether the picture is shown; a page may hold it already.
    """
    leads = [*_leads(level, shares, titles, fmt)]
    if not pictured and level.rows and level.model != "linear":
        leads.append(say("level_second_model", fmt.ui))
    return Part(
        leads=tuple(leads),
        figure=_figure(level, titles, fmt) if pictured else None,
        sheets=tuple(_sheets(level, shares, titles, fmt)),
        notes=caveat_texts(_doubts(level, shares), titles, fmt),
    )


def _doubts(level: Level, shares: Shares) -> list[Caveat]:
    """Those of the whole section, without the one that is told as its sentence."""
    found = (*level.caveats, *shares.caveats)
    return [one for one in found if level.rows or one.code not in _NO_DRIVERS]


def _spoken(row: LevelRow, titles: Titles, ui: Ui) -> str:
    """A driver inside a sentence: "complaints about waiting time"."""
    code = row.driver.category
    title = inline(titles.get(code, {"en": code, "de": code}), ui)
    return say(f"kind_{row.driver.polarity}", ui, title=title)


def _name(row: LevelRow, titles: Titles, fmt: MetricFormat) -> str:
    return topic(row.driver.category, row.driver.polarity, titles, fmt.ui)


def _leads(level: Level, shares: Shares, titles: Titles, fmt: MetricFormat) -> Iterator[str]:
    ui = fmt.ui
    clear = [row for row in level.rows if row.selected is not None]
    for key, sign in (("level_most_down", -1), ("level_most_up", 1)):
        named = [
            say(
                "with_span",
                ui,
                value=_spoken(row, titles, ui),
                span=f"{amount(row.driver.impact.value, fmt)}; {fmt.change_span(row.driver.impact)}",
            )
            for row in clear
            if sign * row.driver.impact.value > 0
        ][:3]
        if named:
            yield say(key, ui, list="; ".join(named))
    if not clear:
        yield _nothing_clear(level, titles, fmt)
    if math.isfinite(level.rest.low):
        yield say(
            "level_rest",
            ui,
            metric=metric_named(fmt.scale, ui, opens=True),
            rest=fmt.level(level.rest.value),
            span=fmt.level_span(level.rest),
        )
    if shares.rows:
        yield say(
            "level_shares",
            ui,
            **_parts_of_differences(shares, ui),
        )


def _parts_of_differences(shares: Shares, ui: Ui) -> dict[str, str]:
    """What goes with the topics, with the controls, and with neither; together 100 %."""
    explained, controls = max(0.0, shares.adjusted_explained), max(0.0, shares.adjusted_controls)
    parts = percents((explained, controls, max(0.0, 1.0 - explained - controls)), ui)
    return dict(zip(("explained", "controls", "rest"), parts, strict=True))


def _nothing_clear(level: Level, titles: Titles, fmt: MetricFormat) -> str:
    """Why no driver is named."""
    if level.rows:
        return say("headline_unclear", fmt.ui)
    reasons = [one for one in level.caveats if one.code in _NO_DRIVERS]
    if reasons:
        return caveat_texts(reasons, titles, fmt)[0]
    return say("headline_no_drivers", fmt.ui)


def _figure(level: Level, titles: Titles, fmt: MetricFormat) -> Figure | None:
    known = [row for row in level.rows if math.isfinite(row.driver.impact.value)][:PICTURED]
    if not known:
        return None
    listed = "; ".join(
        f"{_name(row, titles, fmt)} {fmt.change(row.driver.impact.value)}" for row in known
    )
    return Figure(
        draw=lambda canvas: _drawn(known, titles, fmt, canvas),
        description=say("chart_level", fmt.ui, list=listed),
        caption=say("caption_drivers", fmt.ui),
        key=(
            ("negative", say("worse_side", fmt.ui)),
            ("positive", say("better_side", fmt.ui)),
            ("hollow", say("hollow", fmt.ui)),
        ),
    )


def _drawn(
    rows: Sequence[LevelRow], titles: Titles, fmt: MetricFormat, canvas: Canvas
) -> alt.Chart:
    better_up = higher_is_better(fmt.scale)
    drawn = []
    for row in rows:
        impact = row.driver.impact
        colour = BETTER if (impact.value > 0) == better_up else WORSE
        drawn.append(
            {
                "name": _name(row, titles, fmt),
                "value": impact.value,
                "low": finite(impact.low, impact.value),
                "high": finite(impact.high, impact.value),
                "text": fmt.change(impact.value),
                "colour": colour,
                "inside": PAPER if row.selected is None else colour,
            }
        )
    title = say("axis_impact", fmt.ui, unit=say(f"{fmt.unit_key}_with", fmt.ui))
    return forest(drawn, zero=0.0, dashed=False, title=title, ui=fmt.ui, canvas=canvas)


def _sheets(level: Level, shares: Shares, titles: Titles, fmt: MetricFormat) -> Iterator[Sheet]:
    ui = fmt.ui
    if level.rows:
        keys = (
            "driver",
            "impact",
            "mentions",
            "metric_among_short",
            "effect",
            "linear_impact",
            "q",
        )
        yield Sheet(
            title=say("level_table", ui),
            head=tuple(say(key, ui) for key in keys),
            lines=tuple(_line(row, titles, fmt) for row in level.rows),
            about=_about(level, fmt),
            toned=True,
        )
    if shares.rows:
        share_keys = ("driver", "share_word", "share_adjusted", "relative_weight", "direction")
        yield Sheet(
            title=say("shares_table", ui),
            head=tuple(say(key, ui) for key in share_keys),
            lines=tuple(_share_lines(shares, titles, fmt)),
            about=say("shares_about", ui),
        )


def _about(level: Level, fmt: MetricFormat) -> str:
    """Which model stands behind the numbers, and how far the linear one agrees."""
    told = say(f"model_{level.model}", fmt.ui)
    if level.agreement is None or not math.isfinite(level.agreement.rank):
        return told
    agreed = say(
        "models_agree",
        fmt.ui,
        rank=number(level.agreement.rank, fmt.ui, 2),
        largest=amount(level.agreement.largest, fmt, signed=False),
        apart=number(level.agreement.apart, fmt.ui),
        n=number(level.agreement.compared, fmt.ui),
    )
    return f"{told} {agreed}"


def _line(row: LevelRow, titles: Titles, fmt: MetricFormat) -> Line:
    driver = row.driver
    tone = improves(driver.impact.value, higher_is_better(fmt.scale))
    return Line(
        name=_name(row, titles, fmt),
        cells=(
            change_cell(driver.impact, fmt),
            Cell(number(driver.mentions, fmt.ui), percent(driver.share, fmt.ui)),
            Cell(fmt.level(driver.metric_among)),
            change_cell(driver.effect, fmt),
            change_cell(row.linear_impact, fmt),
            Cell(q_value(driver.q_value, fmt.ui)),
        ),
        notes=caveat_texts(driver.caveats, titles, fmt),
        tone="" if row.selected is None else tone,
    )


def _share_lines(shares: Shares, titles: Titles, fmt: MetricFormat) -> Iterator[Line]:
    ui = fmt.ui
    for row in shares.rows:
        yield Line(
            name=topic(row.category, None, titles, ui),
            cells=(
                Cell(percent(row.share, ui, 1), _error(row, fmt)),
                Cell(percent(row.adjusted, ui, 1)),
                Cell(percent(row.relative_weight, ui, 1)),
                Cell(say(f"direction_{('down', 'none', 'up')[row.direction + 1]}", ui)),
            ),
            notes=caveat_texts(row.caveats, titles, fmt),
        )
    rests: Sequence[tuple[str, float, float]] = (
        ("shares_controls", shares.controls, shares.adjusted_controls),
        ("shares_unexplained", shares.unexplained, shares.adjusted_unexplained),
    )
    for key, share, adjusted in rests:
        yield Line(say(key, ui), (Cell(percent(share, ui, 1)), Cell(percent(adjusted, ui, 1))))


def _error(row: Share, fmt: MetricFormat) -> str:
    """The Monte-Carlo error of a share from sampled orders."""
    if not row.error > 0:
        return ""
    return f"± {percent(row.error, fmt.ui, 1)}"
