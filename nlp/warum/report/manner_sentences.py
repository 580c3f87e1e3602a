"""How the comments are said, in words: for the page, the terminal and the notebook."""

from __future__ import annotations

from collections.abc import Iterator

from warum.caveats import Ui
from warum.manner import UNTOLD
from warum.records import Estimate
from warum.report.manner import QUOTED, Manner, MannerRow
from warum.report.numbers import NOTHING, MetricFormat, number, percent
from warum.report.sentences import inline, metric_name
from warum.report.summary_records import Summary
from warum.report.words import say

_IN_LINE = QUOTED["intent"]


def share_span(share: Estimate, ui: Ui) -> str:
    """The interval of a share: "28 to 34%"; a dash where it is withheld."""
    low, high = number(100 * share.low, ui), percent(share.high, ui)
    return NOTHING if NOTHING in (low, high) else say("span", ui, low=low, high=high)


def manner_leads(summary: Summary, ui: Ui) -> tuple[str, ...]:
    """The most frequent emotion, intent and effort, a sentence each."""
    return tuple(
        _lead(manner, row, summary, ui)
        for manner in summary.manners
        for row in _telling(manner)[:1]
    )


def _telling(manner: Manner) -> list[MannerRow]:
    """The values that say something."""
    return [row for row in manner.rows if row.code not in UNTOLD]


def _lead(manner: Manner, row: MannerRow, summary: Summary, ui: Ui) -> str:
    sentence = say(
        f"lead_{manner.manner}",
        ui,
        title=inline(row.title, ui),
        share=percent(row.share.value, ui),
        span=share_span(row.share, ui),
    )
    return f"{sentence}{_among(row, summary, ui)}."


def _among(row: MannerRow, summary: Summary, ui: Ui) -> str:
    """The first score among those comments, as the end of a sentence; empty where there is none."""
    if not summary.scores or row.metrics[0] is None:
        return ""
    scale = summary.scores[0].scale
    fmt = MetricFormat(scale, ui)
    name = say("metric_among", ui, metric=metric_name(scale, ui))
    metric = row.metrics[0]
    return f"; {name}: {fmt.level(metric.value)} ({fmt.level_span(metric)})"


def manner_line(summary: Summary, ui: Ui) -> str:
    """The most frequent values, and what somebody should look after, on one line; empty where untold."""
    shown = [row for manner in summary.manners for row in _in_line(manner)]
    if not shown:
        return ""
    listed = " · ".join(f"{row.title[ui]} {percent(row.share.value, ui)}" for row in shown)
    return f"{say('section_manner', ui)}: {listed}"


def _in_line(manner: Manner) -> Iterator[MannerRow]:
    telling = _telling(manner)
    yield from telling[:1]
    yield from (row for row in telling[1:] if manner.manner == "intent" and row.code in _IN_LINE)


def describe_manners(summary: Summary, ui: Ui) -> str:
    """The picture of emotion, intent and effort in words."""
    parts = [say("chart_manner", ui)]
    for manner in summary.manners:
        listed = "; ".join(
            f"{row.title[ui]} {percent(row.share.value, ui)} ({share_span(row.share, ui)})"
            for row in manner.rows
        )
        parts.append(f"{manner.title[ui]}: {listed}.")
    return " ".join(parts)


def manner_caption(summary: Summary, ui: Ui) -> str:
    """What the picture shows and how it is to be read."""
    told = max(manner.told for manner in summary.manners)
    sentences = [say("caption_manner", ui, n=number(told, ui))]
    if summary.scores:
        metric = metric_name(summary.scores[0].scale, ui)
        sentences.append(say("caption_manner_score", ui, metric=metric))
    return " ".join(sentences)
