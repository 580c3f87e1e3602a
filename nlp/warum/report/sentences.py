"""Sentences that several faces of the report share: headline, labels, chart descriptions."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from warum.caveats import Caveat, Ui
from warum.metrics import ScoreScale
from warum.records import Estimate, Polarity
from warum.report.column_words import column_name
from warum.report.counts import CountRow
from warum.report.numbers import MetricFormat, number, percent
from warum.report.periods import period
from warum.report.summary_records import PICTURED, Coverage, DriverRow, ScoreSummary, Summary
from warum.report.words import say, say_or
from warum.result import SegmentMetric
from warum.taxonomy import GENERAL

SIGNS: Mapping[Polarity, str] = {"negative": "−", "neutral": "○", "positive": "+"}


_SPAN = re.compile(r"\d{4}-\d{2}(-\d{2})?(\.\.\d{4}-\d{2}(-\d{2})?)?(?!-?\d)")
_CONTROLS = ("time", "other", "missing")  # names that no column of the data has
_NAMED_DRIVER = re.compile(r"([\w.]+) (negative|neutral|positive)\b")


def label(title: Mapping[Ui, str], polarity: Polarity, ui: Ui) -> str:
    """A driver's name with its polarity as a sign: "Waiting time −"."""
    return f"{title[ui]}\N{NO-BREAK SPACE}{SIGNS[polarity]}"


def metric_name(scale: ScoreScale, ui: Ui) -> str:
    """The metric's name as a label: "NPS", "Mean of “Stars”"."""
    return say(f"metric_{scale.metric}", ui).format(column=scale.column)


def metric_named(scale: ScoreScale, ui: Ui, *, opens: bool = False) -> str:
    """The metric's name inside a sentence: "NPS", "the mean of “Stars”", "der NPS".

    Args:
        scale: The score's scale.
        ui: Language.
        opens: Whether it opens the sentence.
    """
    name = say(f"named_{scale.metric}", ui).format(column=scale.column)
    if not opens and name.startswith(("The ", "Der ")):
        name = name[0].lower() + name[1:]
    return name


def metric_about(scale: ScoreScale, ui: Ui) -> str:
    """What the metric is, in one or two sentences."""
    ends = {"low": number(scale.low, ui, _decimals(scale.low))}
    ends["high"] = number(scale.high, ui, _decimals(scale.high))
    turned = scale.lower_is_better and scale.metric in ("nps", "csat")
    key = "about_nps_turned" if turned and scale.metric == "nps" else f"about_{scale.metric}"
    about = say(key, ui).format(**ends)
    if not scale.lower_is_better:
        return about
    return f"{about} {say('scale_turned' if turned else 'lower_is_better', ui)}"


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else 2


def interval(estimate: Estimate, fmt: MetricFormat) -> str:
    """The metric's interval with its level; says so where it is withheld."""
    if math.isnan(estimate.low) or math.isnan(estimate.high):
        return say("interval_none", fmt.ui)
    span = fmt.level_span(estimate)
    if abs(estimate.level - 0.95) < 1e-9:
        return say("interval", fmt.ui, span=span)
    return say("interval_level", fmt.ui, level=percent(estimate.level, fmt.ui), span=span)


def headline(summary: Summary, ui: Ui) -> str:
    """The finding in plain words: of the first score, or of the comments where there is none."""
    if summary.scores:
        return score_headline(summary.scores[0], ui)
    comments = number(summary.coverage.comments, ui)
    top = next((row for row in summary.categories if row.code != GENERAL), None)
    if top is None:
        return say("headline_nothing", ui, comments=comments)
    return say(
        "headline_no_score",
        ui,
        comments=comments,
        title=inline(top.title, ui),
        share=percent(top.share, ui),
    )


def score_headline(score: ScoreSummary, ui: Ui) -> str:
    """The metric and the largest clear driver to either side, in two sentences."""
    return f"{metric_sentence(score, ui)} {reasons_sentence(score, ui)}"


def metric_sentence(score: ScoreSummary, ui: Ui) -> str:
    """The metric with its interval: "NPS is −20 (between −26 and −14)."; the good side if low."""
    sentence = _metric_sentence(score, ui)
    if score.higher_is_better or math.isnan(score.metric.value):
        return sentence
    return f"{sentence} {say('lower_is_better', ui)}"


def _metric_sentence(score: ScoreSummary, ui: Ui) -> str:
    fmt = MetricFormat(score.scale, ui)
    name = metric_named(score.scale, ui, opens=True)
    metric = score.metric
    if math.isnan(metric.value):
        return say("headline_no_metric", ui, name=name)
    value = fmt.level(metric.value)
    if math.isnan(metric.low) or math.isnan(metric.high):
        return say("headline_metric_bare", ui, name=name, value=value)
    low, high = fmt.level(metric.low), fmt.level(metric.high)
    return say("headline_metric", ui, name=name, value=value, low=low, high=high)


def reasons_sentence(score: ScoreSummary, ui: Ui) -> str:
    """The largest clear driver to either side, or that there is none."""
    fmt = MetricFormat(score.scale, ui)
    if not score.drivers:
        return say("headline_no_drivers", ui)
    clear = [driver for driver in score.drivers if driver.clear]
    if not clear:
        return say("headline_unclear", ui)
    top = clear[0]
    text = say("headline_first", ui, verb=say(f"verb_{top.polarity}", ui), **_parts(top, fmt))
    other = next((d for d in clear if (d.impact.value > 0) != (top.impact.value > 0)), None)
    if other is not None:
        text += say("headline_second", ui, **_parts(other, fmt))
    return text[0].upper() + text[1:] + "."


def _parts(driver: DriverRow, fmt: MetricFormat) -> dict[str, str]:
    return {
        "kind": say(f"kind_{driver.polarity}", fmt.ui, title=inline(driver.title, fmt.ui)),
        "amount": fmt.points(driver.impact.value),
        "direction": say("less" if driver.impact.value < 0 else "more", fmt.ui),
    }


def inline(title: Mapping[Ui, str], ui: Ui) -> str:
    """A title inside a sentence: English ones lose their capital, abbreviations keep it."""
    text = title[ui]
    if ui == "en" and text[:1].isupper() and text[1:2].islower():
        return text[0].lower() + text[1:]
    return text


def caveat_text(caveat: Caveat, titles: Mapping[str, Mapping[Ui, str]], ui: Ui) -> str:
    """A caveat as a sentence; drivers it names by code get their titles, and days are written out."""

    def titled(found: re.Match[str]) -> str:
        title = titles.get(found[1])
        polarity: Polarity = found[2]  # type: ignore[assignment] # the pattern allows no other
        return label(title, polarity, ui) if title else found[0]

    told = _NAMED_DRIVER.sub(titled, _named(caveat, ui).sentence(ui))
    for name in _CONTROLS:
        told = told.replace(f"({name})", say(f"control_{name}", ui))
    return _SPAN.sub(
        lambda found: " – ".join(period(end, ui) for end in found[0].split("..")), told
    )


def _named(caveat: Caveat, ui: Ui) -> Caveat:
    """The same with the columns that it lists called as people call them."""
    if caveat.code != "some_controls_left_out":
        return caveat
    names = str(dict(caveat.details)["names"]).split(", ")
    return Caveat.of(caveat.code, names=", ".join(column_name(name, ui) for name in names))


def describe_drivers(score: ScoreSummary, ui: Ui) -> str:
    """The drivers' picture in words."""
    fmt = MetricFormat(score.scale, ui)
    rows = [
        say(
            "chart_drivers_row",
            ui,
            label=label(row.title, row.polarity, ui),
            change=fmt.change(row.impact.value),
            span=fmt.change_span(row.impact),
        )
        for row in score.drivers[:PICTURED]
        if math.isfinite(row.impact.value)
    ]
    return " ".join([say("chart_drivers", ui, metric=metric_name(score.scale, ui)), *rows])


def describe_points(score: ScoreSummary, points: Sequence[SegmentMetric], ui: Ui) -> str:
    """The picture of a trend or of segments in words."""
    fmt = MetricFormat(score.scale, ui)
    listed = "; ".join(
        f"{period(point.value, ui)} {fmt.level(point.estimate.value)}" for point in points
    )
    name = metric_name(score.scale, ui)
    if points[0].by == "period":
        return say("chart_trend", ui, metric=name, list=listed)
    return say("chart_segments", ui, metric=name, by=points[0].by, list=listed)


def describe_distribution(pairs: Sequence[tuple[str, int]], ui: Ui) -> str:
    """The picture of the distribution in words."""
    listed = "; ".join(f"{value}: {number(count, ui)}" for value, count in pairs)
    return say("chart_distribution", ui, list=listed)


def describe_categories(rows: Sequence[CountRow], ui: Ui) -> str:
    """The picture of categories and polarities in words."""
    listed = "; ".join(
        say(
            "chart_categories_row",
            ui,
            title=row.title[ui],
            negative=number(row.negative or 0, ui),
            neutral=number(row.neutral or 0, ui),
            positive=number(row.positive or 0, ui),
        )
        for row in rows
    )
    return say("chart_categories", ui, list=listed)


def coverage_sentences(summary: Summary, ui: Ui) -> tuple[str, ...]:
    """How much was read, in sentences."""
    facts, coverage = summary.facts, summary.coverage
    sentences = [
        say(
            "coverage_rows",
            ui,
            rows_in=number(facts.rows_in, ui),
            analysed=number(facts.rows_analysed, ui),
            rejected=number(facts.rows_rejected, ui),
        ),
        *_read(coverage, ui),
    ]
    if facts.customers is not None:
        sentences.append(say("coverage_customers", ui, n=number(facts.customers, ui)))
    if facts.languages:
        listed = ", ".join(
            f"{say_or(f'language_{code}', ui, code)} {number(count, ui)}"
            for code, count in facts.languages
        )
        sentences.append(say("coverage_languages", ui, list=listed))
    return tuple(sentences)


def _read(coverage: Coverage, ui: Ui) -> list[str]:
    sentences = []
    if coverage.comments:
        share = percent(coverage.with_opinion_share, ui)
        sentences.append(say("coverage_read", ui, share=share, n=number(coverage.comments, ui)))
        sentences.append(
            say("coverage_general", ui, share=percent(coverage.general_only_share, ui))
        )
    if coverage.non_answers:
        sentences.append(say("coverage_non_answers", ui, n=number(coverage.non_answers, ui)))
    return sentences


def explained_sentence(score: ScoreSummary, ui: Ui) -> str:
    """How much of the scores' differences the comments explain; empty where there is no model."""
    if math.isnan(score.explained):
        return ""
    share = min(1.0, max(0.0, score.explained))
    return say("explained", ui, share=percent(share, ui), rest=percent(1 - share, ui))


def sensitivity_sentences(score: ScoreSummary, ui: Ui) -> str:
    """What changes with judgements without a reason in the model; empty without such a model."""
    if score.sensitivity is None:
        return ""
    fmt = MetricFormat(score.scale, ui)
    changed = score.sensitivity.order_changes
    listed = "; ".join(
        f"{label(row.title, row.polarity, ui)} ({fmt.change(row.impact.value)})"
        for row in score.sensitivity.drivers
    )
    first = say("sensitivity_changed" if changed else "sensitivity_same", ui)
    return f"{first} {say('sensitivity_list', ui, list=listed)}"
