"""What stands out over time, in words: each alert with its picture and the comments behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from warum.alerts.alerts import Alert
from warum.alerts.emotions import ShareRow
from warum.alerts.trends import TrendRow
from warum.alerts.watch import Step
from warum.answers.trends import Trends
from warum.caveats import Ui
from warum.report.manner_sentences import share_span
from warum.report.marked import ShownQuote
from warum.report.numbers import NOTHING, number, percent
from warum.report.periods import period
from warum.report.sentences import caveat_text
from warum.report.watch_chart import watch_chart
from warum.report.why_labels import Titles, time_span, topic, touchpoint, where
from warum.report.why_sections import Cell, Figure, Line, Part, Sheet
from warum.report.words import say, say_or

_SHORT = "short_history"
PICTURED = 4
"""Alerts that are shown at once; the others have to be asked for."""


def alerts_lead(trends: Trends, titles: Titles, ui: Ui) -> Part:
    """How many alerts there are, and what may be relied on.

    Args:
        trends: What was found.
        titles: Titles of the categories.
        ui: Language.
    """
    doubts = [one for one in trends.caveats if trends.alerts or one.code != _SHORT]
    notes = tuple(dict.fromkeys(caveat_text(caveat, titles, ui) for caveat in doubts))
    if not trends.first:
        return Part(leads=(say("alerts_undated", ui),), notes=notes)
    alerts = trends.alerts
    sheets = (_sheet(alerts, titles, ui),) if alerts else ()
    return Part(leads=_leads(trends, ui), sheets=sheets, notes=notes)


def _leads(trends: Trends, ui: Ui) -> tuple[str, ...]:
    """How many alerts there are, of which time, and what that means."""
    n = len(trends.alerts)
    short = [one for one in trends.caveats if one.code == _SHORT]
    if short and not n:
        return (short[0].sentence(ui),)
    if trends.last < trends.first and not n:  # before a (further) period is over
        key = "alerts_nothing_new" if trends.resumed else "alerts_too_soon"
        return (say(key, ui, day=period(trends.first, ui)),)
    first = say("alerts_none", ui) if not n else say("alerts_one", ui)
    if n > 1:
        first = say("alerts_many", ui, n=number(n, ui))
    told = [first]
    if trends.first <= trends.last:
        told.append(say("alerts_watched", ui, span=time_span(trends.first, trends.last, ui)))
    if trends.resumed:
        told.append(say("alerts_resumed", ui))
    means = say("alerts_promise", ui, alpha=percent(trends.alpha, ui))
    if not n:
        means = say("alerts_none_means", ui)
    return (" ".join(told), means)


def alert_part(
    alert: Alert,
    line: Sequence[TrendRow],
    step: Step,
    quotes: tuple[ShownQuote, ...],
    least: int,
    titles: Titles,
    ui: Ui,
) -> Part:
    """One alert: what was seen against what was expected, over time, and in whose words.

    Args:
        alert: The alert.
        line: The trend of its topic in its segment, by period.
        step: Length of the line's periods.
        quotes: Comments behind it.
        least: Least number of people of a group that is shown.
        titles: Titles of the categories.
        ui: Language.
    """
    name = alert_label(alert, titles, ui)
    figure = None
    withheld = [math.isnan(row.share.value) for row in line]
    caption = say("caption_watch", ui)
    if any(withheld):
        caption = f"{caption} {say('watch_gaps', ui, least=least)}"
    if not all(withheld):
        listed = "; ".join(
            f"{_period(row.period, step, ui)} {percent(row.share.value, ui)}" for row in line
        )
        figure = Figure(
            draw=lambda canvas: watch_chart(line, (alert,), step, least, ui, canvas),
            description=say("chart_watch", ui, label=name, list=listed),
            caption=caption,
        )
    return Part(
        heading=name,
        leads=(alert_sentence(alert, ui),),
        figure=figure,
        quotes=quotes,
        polarity=alert.polarity,
        notes=tuple(caveat_text(caveat, titles, ui) for caveat in alert.caveats),
    )


def alert_label(alert: Alert, titles: Titles, ui: Ui) -> str:
    """What it is about: "Reliability − · branch: Bergheim"."""
    name = topic(alert.category, alert.polarity, titles, ui)
    return where(name, alert.by, alert.value, ui)


def alert_sentence(alert: Alert, ui: Ui) -> str:
    """What was seen and what was to be expected."""
    since = "since" if alert.began < alert.day else "seen"
    when = period_of_alert(alert, ui)
    said = {
        "n": number(alert.occasions, ui),
        "expected": _about(alert.expected.value, ui),
        "low": number(alert.expected.low, ui),
        "high": number(alert.expected.high, ui),
    }
    if alert.seen is None:
        return say(f"alert_{since}_few", ui, when=when, **said)
    text = say(f"alert_{since}", ui, when=when, seen=number(alert.seen, ui), **said)
    if alert.people is None or not alert.people:
        return text
    return f"{text} {say('alert_people', ui, n=number(alert.people, ui))}"


def _about(expected: float, ui: Ui) -> str:
    """What was to be expected, in words where it is none."""
    return say("about_n", ui, n=number(expected, ui)) if expected >= 0.5 else say("hardly_any", ui)


def period_of_alert(alert: Alert, ui: Ui) -> str:
    """Its period, or the month or day in which it began where it lasts."""
    if alert.began < alert.day:
        first = alert.began
        return period(first[:7] if first.endswith("-01") else first, ui)
    return time_span(alert.day, alert.until, ui)


def _period(first: str, step: Step, ui: Ui) -> str:
    return period(first[:7] if step == "month" else first, ui)


def _sheet(alerts: Sequence[Alert], titles: Titles, ui: Ui) -> Sheet:
    keys = ("alert_word", "when_word", "seen_word", "expected_word", "kind_word")
    return Sheet(
        title=say("alerts_table", ui),
        head=tuple(say(key, ui) for key in keys),
        lines=tuple(_line(alert, titles, ui) for alert in alerts),
        shown=0,  # a terminal tells each alert in a sentence
    )


def _line(alert: Alert, titles: Titles, ui: Ui) -> Line:
    expected = alert.expected
    span = say("span", ui, low=number(expected.low, ui), high=number(expected.high, ui))
    seen = NOTHING if alert.seen is None else number(alert.seen, ui)
    return Line(
        name=alert_label(alert, titles, ui),
        cells=(
            Cell(period_of_alert(alert, ui)),
            Cell(say("n_of", ui, n=seen, all=number(alert.occasions, ui))),
            Cell(number(expected.value, ui), span),
            Cell(say(f"alert_{alert.direction}", ui), say(f"alert_{alert.kind}", ui)),
        ),
        notes=tuple(caveat_text(caveat, titles, ui) for caveat in alert.caveats),
    )


def emotion_part(rows: Sequence[ShareRow], ui: Ui) -> Part:
    """Emotions by touchpoint and over time: a sentence and a table with a column per emotion.

    Args:
        rows: Shares of the groups, at least one.
        ui: Language.
    """
    weight: dict[str, float] = {}
    groups: dict[tuple[str, str], dict[str, ShareRow]] = {}
    for row in rows:
        weight[row.value] = weight.get(row.value, 0.0) + row.share.value * row.share.n
        groups.setdefault((row.by, row.group), {})[row.value] = row
    emotions = sorted(weight, key=lambda name: (-weight[name], name))
    sheet = Sheet(
        title=say("figures_table", ui),
        head=(say("place_word", ui), *(say_or(f"emotion_{name}", ui, name) for name in emotions)),
        lines=tuple(
            _emotions(by, group, told, emotions, ui) for (by, group), told in groups.items()
        ),
        shown=4,
    )
    leads = (_differing(rows, emotions, ui),) if any(row.by == "touchpoint" for row in rows) else ()
    return Part(heading=say("emotions_more", ui), leads=leads, sheets=(sheet,))


def _differing(rows: Sequence[ShareRow], emotions: Sequence[str], ui: Ui) -> str:
    """The most frequent emotion whose intervals at two touchpoints lie apart."""
    for emotion in emotions:
        told = [row for row in rows if row.by == "touchpoint" and row.value == emotion]
        if len(told) < 2:
            continue
        most = max(told, key=lambda row: row.share.value)
        least = min(told, key=lambda row: row.share.value)
        if most.share.low > least.share.high:
            return say(
                "emotion_differs",
                ui,
                emotion=say_or(f"emotion_{emotion}", ui, emotion),
                most=touchpoint(most.group, ui),
                high=percent(most.share.value, ui),
                least=touchpoint(least.group, ui),
                low=percent(least.share.value, ui),
            )
    return say("emotion_same", ui)


def _emotions(
    by: str, group: str, told: Mapping[str, ShareRow], emotions: Sequence[str], ui: Ui
) -> Line:
    name = period(group, ui) if by == "period" else touchpoint(group, ui)
    cells = []
    for emotion in emotions:
        row = told.get(emotion)
        if row is None:
            cells.append(Cell(NOTHING))
        else:
            cells.append(Cell(percent(row.share.value, ui), share_span(row.share, ui)))
    return Line(name, tuple(cells))
