"""The result on a terminal: readable at 80 columns, and without colour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from warum.caveats import Caveat, Ui
from warum.report import sentences
from warum.report.column_words import column_reason
from warum.report.counts import CountRow
from warum.report.manner_sentences import manner_line
from warum.report.numbers import MetricFormat, number, percent
from warum.report.quotes import Quote
from warum.report.summary_records import DriverRow, ScoreSummary, Summary
from warum.report.words import say, say_or

SHOWN = 10
_QUOTE = 48
# Control characters and direction marks from a comment must not steer the terminal.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


def print_summary(summary: Summary, console: Console, ui: Ui = "en") -> None:
    """Print what was found.

    Args:
        summary: What was found.
        console: Where to.
        ui: Language of words and numbers.
    """
    for part in renderables(summary, ui):
        console.print(part)


def print_roll_up(
    summary: Summary, by: Literal["parent", "stage", "touchpoint"], console: Console, ui: Ui = "en"
) -> None:
    """Print opinions by first level, journey stage or touchpoint.

    Args:
        summary: What was found.
        by: What to count by.
        console: Where to.
        ui: Language of words and numbers.
    """
    rows: Sequence[CountRow] = getattr(summary.roll_ups, by)
    console.print(_counts(say(f"roll_{by}", ui), rows, summary.facts.min_group, ui))


def renderables(summary: Summary, ui: Ui = "en") -> Iterator[RenderableType]:
    """The parts of the output in order: columns, scores with their drivers, coverage, caveats."""
    if summary.facts.invented:
        yield Text(f"{say('invented_banner', ui)}. {say('invented_note', ui)}", "bold yellow")
    yield _columns(summary, ui)
    for score in summary.scores:
        yield from _score(score, summary, ui)
    if not summary.scores:
        yield from _no_score(summary, ui)
    if line := manner_line(summary, ui):
        yield Text(f"\n{clean(line)}")
    yield from _read(summary, ui)


def print_reading(summary: Summary, console: Console, ui: Ui = "en") -> None:
    """Print how much was read, what was rejected, and what is doubtful about the data.

    Args:
        summary: What was found.
        console: Where to.
        ui: Language of words and numbers.
    """
    for part in _read(summary, ui):
        console.print(part)


def _read(summary: Summary, ui: Ui) -> Iterator[RenderableType]:
    yield _listed(say("term_coverage", ui), sentences.coverage_sentences(summary, ui))
    if summary.facts.rejected:
        yield _rejected(summary, ui)
    caveats = _caveats(summary, ui)
    if caveats:
        yield _listed(say("caveats", ui), caveats)


def clean(text: str) -> str:
    """Text from outside on one line, without characters that steer a terminal."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def _heading(text: str) -> Text:
    return Text(f"\n{text}", "bold")


def _listed(heading: str, lines: tuple[str, ...]) -> Group:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(overflow="fold")
    for line in lines:
        table.add_row("·", Text(clean(line)))
    return _under(heading, table)


def _under(heading: str, body: RenderableType) -> Group:
    return Group(_heading(heading), _indented(body))


def _indented(body: RenderableType, *, above: int = 0) -> Padding:
    return Padding(body, (above, 0, 0, 2), expand=False)


def _columns(summary: Summary, ui: Ui) -> RenderableType:
    lines = tuple(
        say(
            "detected_line",
            ui,
            role=say_or(f"role_{use.role}", ui, use.role),
            column=use.column or "–",
            how=column_reason(use, ui),
        )
        for use in summary.facts.columns
    )
    asked = tuple(
        f"{say('question', ui)}: {use.question} ({say('asks_for', ui)}: "
        f"{say(f'asks_{use.orientation}', ui)})"
        for use in summary.facts.questions
    )
    return _listed(say("term_columns", ui), lines + asked)


def _score(score: ScoreSummary, summary: Summary, ui: Ui) -> Iterator[RenderableType]:
    fmt = MetricFormat(score.scale, ui)
    name = clean(sentences.metric_name(score.scale, ui))
    yield _heading(f"{name}  {fmt.level(score.metric.value)}")
    answers = say("occasions", ui, n=number(score.metric.n, ui))
    facts = [sentences.interval(score.metric, fmt), answers]
    if not score.higher_is_better:
        facts.append(say("lower_is_better", ui).rstrip("."))
    yield Text(f"  {' · '.join(facts)}")
    if score.drivers:
        yield _drivers(score, summary, fmt)
    else:
        yield Text(f"  {say('no_drivers', ui)}")
    notes = [sentences.explained_sentence(score, ui)]
    if len(score.drivers) > SHOWN:
        notes.insert(0, say("term_more", ui, n=number(len(score.drivers) - SHOWN, ui)))
    if score.suppressed:
        least = summary.facts.min_group
        notes.append(say("suppressed_drivers", ui, n=number(score.suppressed, ui), least=least))
    yield _indented(Text("\n".join(filter(None, notes))), above=1)


def _drivers(score: ScoreSummary, summary: Summary, fmt: MetricFormat) -> RenderableType:
    ui = fmt.ui
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say("driver", ui), overflow="fold", ratio=5)
    table.add_column(say("impact_interval", ui), justify="right", no_wrap=True)
    table.add_column(say("mentions", ui), justify="right", no_wrap=True)
    table.add_column(say("quote", ui), overflow="fold", ratio=7)
    for driver in score.drivers[:SHOWN]:
        table.add_row(*_driver(driver, summary, fmt))
    shown = _indented(table, above=1)
    if not _any_unclear(score):
        return shown
    return Group(shown, _indented(Text(say("term_unclear_note", ui), "dim")))


def _any_unclear(score: ScoreSummary) -> bool:
    return any(not driver.clear for driver in score.drivers[:SHOWN])


def _driver(driver: DriverRow, summary: Summary, fmt: MetricFormat) -> tuple[RenderableType, ...]:
    change = fmt.change(driver.impact.value)
    style = "" if not driver.clear else "blue" if driver.improves else "red"
    impact = Text(change if driver.clear else f"({change})", style, justify="right")
    impact.append(f"\n{fmt.change_span(driver.impact)}", "dim")
    mentions = Text(number(driver.mentions, fmt.ui), justify="right")
    mentions.append(f"\n{percent(driver.share, fmt.ui)}", "dim")
    # The sign goes first: behind the title it would wrap to a line of its own.
    name = clean(f"{sentences.SIGNS[driver.polarity]} {driver.title[fmt.ui]}")
    quotes = summary.quotes_of(driver.pair)
    return (
        Text(name),
        impact,
        mentions,
        Text(_evidence(quotes[0], driver, fmt.ui) if quotes else ""),
    )


def _evidence(quote: Quote, driver: DriverRow, ui: Ui) -> str:
    """What the first quote says of the driver, short enough for two or three lines."""
    own = [mark for mark in quote.marks if (mark.category, mark.polarity) == driver.pair]
    text = clean(quote.text[own[0].start : own[0].end] if own else quote.text)
    if len(text) > _QUOTE:
        text = text[:_QUOTE].rsplit(" ", 1)[0] + "\N{NO-BREAK SPACE}…"
    return say("quote_open", ui) + text + say("quote_close", ui)


def _no_score(summary: Summary, ui: Ui) -> Iterator[RenderableType]:
    yield _heading(sentences.headline(summary, ui))
    rows = summary.categories[:SHOWN]
    yield _counts(say("category", ui), rows, summary.facts.min_group, ui)
    lines = tuple(say(f"unanswerable_{i}", ui) for i in range(1, 5))
    yield _listed(say("unanswerable_intro", ui), lines)


def _counts(heading: str, rows: Sequence[CountRow], least: int, ui: Ui) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column(heading, overflow="fold")
    for key in ("blame", "neither", "praise", "share_comments"):
        table.add_column(say(key, ui), justify="right", no_wrap=True)
    hidden = say("hidden", ui, least=least)
    for row in rows:
        counts = [row.negative, row.neutral, row.positive]
        cells = [hidden if count is None else number(count, ui) for count in counts]
        table.add_row(Text(clean(row.title[ui])), *cells, percent(row.share, ui))
    return _indented(table, above=1)


def _rejected(summary: Summary, ui: Ui) -> RenderableType:
    heading = say("term_rejected", ui, n=number(summary.facts.rows_rejected, ui))
    lines = tuple(
        f"{say_or(f'reject_{reason.code}', ui, reason.code)}: {number(reason.count, ui)} "
        f"({reason.example})"
        for reason in summary.facts.rejected
    )
    return _listed(heading, lines)


def _caveats(summary: Summary, ui: Ui) -> tuple[str, ...]:
    found: list[Caveat] = list(summary.caveats)
    for score in summary.scores:
        found += [*score.caveats, *score.metric.caveats]
    return tuple(
        dict.fromkeys(sentences.caveat_text(caveat, summary.titles, ui) for caveat in found)
    )
