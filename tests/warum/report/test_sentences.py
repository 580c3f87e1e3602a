from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.warum.report.worlds import driver, score_result, world
from warum.records import Estimate
from warum.report import sentences
from warum.report.html import render_html
from warum.report.numbers import MetricFormat
from warum.report.summary import summarise
from warum.report.summary_records import Summary
from warum.result import ScoreResult
from warum.taxonomy import Taxonomy

NBSP = "\u00a0"


def flat(text: str) -> str:
    return text.replace(NBSP, " ")


def test_the_headline_in_plain_words(summary: Summary) -> None:
    assert flat(sentences.headline(summary, "en")) == (
        "NPS is −20 (between −26 and −14). Complaints about waiting time are associated with "
        "6.1 points less, praise for staff attitude with 4.2 points more."
    )
    assert flat(sentences.headline(summary, "de")) == (
        "Der NPS liegt bei −20 (zwischen −26 und −14). Kritik beim Thema „Wartezeit“ geht mit "
        "6,1 Punkten weniger einher, Lob beim Thema „Freundlichkeit“ mit 4,2 Punkten mehr."
    )


def test_the_headline_of_a_share(summary_two: Summary) -> None:
    text = flat(sentences.score_headline(summary_two.scores[1], "en"))
    assert text.startswith("CSAT is 58% (between 52% and 64%).")
    assert "6.1 percentage points less" in text


def test_the_headline_without_a_score(summary_none: Summary) -> None:
    assert flat(sentences.headline(summary_none, "en")) == (
        "36 comments, most often about waiting time (64%)."
    )
    nothing = replace(summary_none, categories=())
    assert "no topic" in sentences.headline(nothing, "en")


def reasons(score: ScoreResult, cx: Taxonomy) -> str:
    return sentences.score_headline(summarise(world(score), cx).scores[0], "en")


def test_the_headline_promises_nothing_it_does_not_know(cx: Taxonomy) -> None:
    score = score_result()
    unclear = driver("wait_time", "negative", -1, 2, "nps")
    assert "stands out" in reasons(replace(score, drivers=(unclear,)), cx)
    assert "too few" in reasons(replace(score, drivers=()), cx)
    bare = Estimate(-20, math.nan, math.nan, 1, "none")
    assert reasons(replace(score, metric=bare), cx).startswith("NPS is −20. ")
    unknown = Estimate(math.nan, math.nan, math.nan, 0, "none")
    assert reasons(replace(score, metric=unknown), cx).startswith("NPS cannot be computed.")


@pytest.mark.parametrize("ui", ["en", "de"])
def test_nothing_promises_a_cause(summary: Summary, ui: str) -> None:
    text = sentences.headline(summary, ui).lower()  # type: ignore[arg-type]
    assert not {"because", "fixing", "cause", "weil", "behebt"} & set(text.split())


def test_the_mean_has_an_article_inside_a_sentence(cx: Taxonomy) -> None:
    score = summarise(world(score_result("Sterne", "mean")), cx).scores[0]
    assert sentences.metric_named(score.scale, "de") == "der Mittelwert von „Sterne“"
    assert sentences.metric_named(score.scale, "en", opens=True) == "The mean of “Sterne”"
    lower = replace(score.scale, lower_is_better=True)
    assert sentences.metric_about(lower, "en").endswith("from 1 to 5. Lower is better.")


def test_the_headline_says_where_lower_is_better(cx: Taxonomy) -> None:
    score = score_result("mark", "mean")
    turned = replace(score, scale=replace(score.scale, lower_is_better=True))
    text = reasons(turned, cx)
    assert "Lower is better. Complaints" in text
    assert "Lower is better" not in reasons(score, cx)


def test_a_turned_nps_is_explained_by_its_own_classes(cx: Taxonomy) -> None:
    scale = replace(score_result().scale, lower_is_better=True)
    about = sentences.metric_about(scale, "en")
    assert "0 or 1 minus the percentage who gave 4 to 10" in about
    assert "more is better" in about
    assert "Lower is better" not in about
    turned = replace(score_result(), scale=scale)
    assert "Lower is better" not in reasons(turned, cx)
    page = render_html(summarise(world(turned), cx), "en")
    assert "4–10: critics" in page
    assert "0–6" not in page


def test_other_levels_are_named(summary: Summary) -> None:
    fmt = MetricFormat(summary.scores[0].scale, "en")
    metric = summary.scores[0].metric
    assert sentences.interval(metric, fmt) == "95% interval: −26 to −14"
    assert sentences.interval(replace(metric, level=0.9), fmt).startswith("90% interval")
    withheld = replace(metric, low=math.nan, high=math.nan)
    assert sentences.interval(withheld, fmt) == "No interval can be given."


def test_pictures_in_words(summary: Summary) -> None:
    score = summary.scores[0]
    told = flat(sentences.describe_drivers(score, "en"))
    assert "Waiting time −: −6.1 (−7.9 to −4.3)." in told
    assert "Competitors" not in told  # it has no number
    assert "Feb 2025 −19" in sentences.describe_points(score, score.trend, "en")
    assert "Wartezeit: 23 negativ" in sentences.describe_categories(summary.categories, "de")


def test_what_is_explained_and_what_is_not(summary: Summary) -> None:
    score = summary.scores[0]
    assert "41%" in sentences.explained_sentence(score, "en")
    assert "59%" in sentences.explained_sentence(score, "en")
    assert sentences.explained_sentence(replace(score, explained=math.nan), "en") == ""
    assert sentences.sensitivity_sentences(replace(score, sensitivity=None), "en") == ""
    assert "(+7.0)" in sentences.sensitivity_sentences(score, "en")


def test_coverage_says_it_all(summary: Summary) -> None:
    told = " ".join(sentences.coverage_sentences(summary, "en"))
    assert "Rows read: 43, of these analysed: 40, rejected: 3." in told
    assert "28% praise or blame without a reason." in told
    assert "German 25, English 11" in told
    assert "{" not in told
