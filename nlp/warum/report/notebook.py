"""What an analysis shows of itself in a notebook."""

from __future__ import annotations

from markupsafe import Markup, escape

from warum.caveats import Ui
from warum.report import charts, sentences
from warum.report.chart_style import Canvas, swap_colours, to_svg
from warum.report.manner_sentences import manner_line
from warum.report.numbers import MetricFormat, number
from warum.report.summary_records import ScoreSummary, Summary
from warum.report.words import say

CANVAS = Canvas(width=680, row=28, label=250, right=64)
_TOP = 5
CSS = """
.warum-card{font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif}
.warum-card{max-width:720px;line-height:1.5}
.warum-card .lead{font-size:1.1em;margin:.2em 0 .6em}
.warum-card .note{opacity:.8;font-size:.9em}
.warum-card table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.warum-card th,.warum-card td{padding:.2em .9em .2em 0;text-align:right}
.warum-card th:first-child,.warum-card td:first-child{text-align:left}
.warum-card svg{max-width:100%;height:auto;overflow:visible}
"""
# Notebooks name their dark theme themselves; the reader's system may be light all the same.
DARK_THEMES = ("[data-jp-theme-light=false] .warum-card", ".vscode-dark .warum-card")


def notebook_html(summary: Summary, ui: Ui = "en") -> str:
    """A small HTML fragment: what was found, the largest drivers as picture and table.

    Args:
        summary: What was found.
        ui: Language of words and numbers.
    """
    body = [Markup("<p class='lead'><b>{}</b></p>").format(sentences.headline(summary, ui))]
    if summary.facts.invented:
        body.insert(0, Markup("<p class='note'>{}</p>").format(say("invented_banner", ui)))
    for position, score in enumerate(summary.scores):
        if position:
            line = sentences.score_headline(score, ui)
            body.append(Markup("<p class='lead'>{}</p>").format(line))
        body.append(_score(score, ui))
    if line := manner_line(summary, ui):
        body.append(Markup("<p class='note'>{}</p>").format(line))
    coverage = " ".join(sentences.coverage_sentences(summary, ui))
    body.append(Markup("<p class='note'>{}</p>").format(coverage))
    css = Markup(CSS + "\n".join(map(swap_colours, DARK_THEMES)))  # noqa: S704 - our own text
    return str(Markup("<div class='warum-card'><style>{}</style>{}</div>").format(css, _join(body)))


def _join(parts: list[Markup]) -> Markup:
    return Markup("\n").join(parts)


def _score(score: ScoreSummary, ui: Ui) -> Markup:
    if not score.drivers:
        return Markup("")
    picture = Markup(to_svg(charts.drivers_chart(score, ui, CANVAS)))  # noqa: S704 - Vega escapes
    figure = Markup("<div role='img' aria-label='{}'>{}</div>").format(
        sentences.describe_drivers(score, ui), picture
    )
    return figure + _table(score, ui)


def _table(score: ScoreSummary, ui: Ui) -> Markup:
    fmt = MetricFormat(score.scale, ui)
    head = [say(key, ui) for key in ("driver", "impact", "interval_word", "mentions")]
    rows = [
        [
            sentences.label(driver.title, driver.polarity, ui),
            fmt.change(driver.impact.value),
            fmt.change_span(driver.impact),
            number(driver.mentions, ui),
        ]
        for driver in score.drivers[:_TOP]
    ]
    cells = _cells(head, "th")
    lines = _join([Markup("<tr>{}</tr>").format(_cells(row, "td")) for row in rows])
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(cells, lines)


def _cells(texts: list[str], tag: str) -> Markup:
    cell = Markup(f"<{tag}>{{}}</{tag}>")  # noqa: S704 - the tag is ours
    return Markup("").join(cell.format(escape(text)) for text in texts)
