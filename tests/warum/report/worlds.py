"""A small analysed world, built by hand: two languages, two scores, hostile texts, a group too small."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from warum.caveats import Caveat
from warum.metrics import MetricName, ScoreScale
from warum.records import Estimate, Polarity
from warum.result import (
    ColumnUse,
    Driver,
    Facts,
    QuestionUse,
    RejectedReason,
    Result,
    ScoreResult,
    SegmentMetric,
)
from warum.table import Table, strings

HOSTILE = "<script>alert('x')</script> & <b>slow</b> checkout, waited an hour \x1b[31m"
SECRET = "Nur drei Leute sagen das über die Sauberkeit"
Said = tuple[str, str, str, Polarity]  # text, evidence, category, polarity


def _comments() -> list[tuple[str, str | None, str, list[Said]]]:
    """Customer, text, language and opinions of each comment, forty in all."""
    rows: list[tuple[str, str | None, str, list[Said]]] = []
    for i in range(12):
        text = f"Ich habe am Schalter {20 + i} Minuten gewartet, das ist zu lang, Nummer {i}."
        rows.append((f"K{i}", text, "de", [_said(text, "gewartet", "wait_time", "negative")]))
    for i in range(10):
        text = f"The staff at desk {i} were lovely, but it took {30 + i} minutes."
        said = [
            _said(text, "staff at desk", "service.attitude", "positive"),
            _said(text, f"{30 + i} minutes", "wait_time", "negative"),
        ]
        rows.append((f"L{i}", text, "en", said))
    for i in range(10):
        text = "Alles gut" if i else "Alles gut!"
        rows.append((f"M{i}", text, "de", [_said(text, "Alles gut", "general", "positive")]))
    for i in range(3):
        text = f"{SECRET} {i}"
        said = [_said(text, "Sauberkeit", "place.cleanliness", "negative")]
        rows.append((f"N{i}", text, "de", said))
    rows.append(("H", HOSTILE, "en", [_said(HOSTILE, "<b>slow</b>", "wait_time", "negative")]))
    rows += [(f"Z{i}", None, "", []) for i in range(4)]
    return rows


def _said(text: str, evidence: str, category: str, polarity: Polarity) -> Said:
    assert evidence in text
    return text, evidence, category, polarity


def _tables() -> tuple[Table, Table]:
    rows = _comments()
    n = len(rows)
    comments = Table(
        {
            "comment_id": strings([f"c{i}" for i in range(n)]),
            "row": np.arange(1, n + 1),
            "response_id": strings([f"c{i}" for i in range(n)]),
            "customer": strings([customer for customer, *_ in rows]),
            "question": strings([None] * n),
            "text": strings([text for _, text, *_ in rows]),
            "language": strings([language for _, _, language, _ in rows]),
            "sentiment": np.zeros(n),
            "polarity": strings(["neutral"] * n),
            "date": np.full(n, np.datetime64("2025-03-01")),
            "source": strings([None] * n),
            "channel": strings([None] * n),
        }
    )
    said = [(f"c{i}", *one) for i, row in enumerate(rows) for one in row[3]]
    starts = [text.index(evidence) for _, text, evidence, *_ in said]
    ends = [start + len(row[2]) for start, row in zip(starts, said, strict=True)]
    m = len(said)
    opinions = Table(
        {
            "comment_id": strings([row[0] for row in said]),
            "category": strings([row[3] for row in said]),
            "sentiment": np.zeros(m),
            "polarity": strings([row[4] for row in said]),
            "confidence": np.linspace(0.6, 0.99, m),
            "start": np.array(starts),
            "end": np.array(ends),
            "evidence": strings([row[2] for row in said]),
            "stage": strings(["retention"] * m),
            "touchpoint": strings(["physical" if i % 2 else "contact_centre" for i in range(m)]),
            "stage_origin": strings(["assumed"] * m),
            "touchpoint_origin": strings(["assumed"] * m),
            "source": strings(["model"] * m),
        }
    )
    return comments, opinions


def estimate(value: float, reach: float, n: int = 40) -> Estimate:
    """An estimate with a symmetric interval."""
    return Estimate(value, value - reach, value + reach, n, "ols-cr1")


def driver(
    category: str, polarity: Polarity, impact: float, reach: float, score: str, **others: object
) -> Driver:
    """A driver mentioned in 20 of 40 occasions."""
    made = Driver(
        category=category,
        polarity=polarity,
        mentions=20,
        share=0.5,
        metric_among=-34.5,
        effect=estimate(2 * impact, 2 * reach),
        impact=estimate(impact, reach),
        p_value=0.001,
        q_value=0.004,
        method="ols-cr1",
        caveats=(),
        quote_id="",
        score=score,
    )
    return replace(made, **others)  # type: ignore[arg-type]


def score_result(column: str = "nps", metric: MetricName = "nps") -> ScoreResult:
    """A score with a clear driver to each side, an unclear one, and one that has no number."""
    low, high = {"nps": (0, 10), "csat": (1, 5), "mean": (1, 5)}[metric]
    drivers = (
        driver("wait_time", "negative", -6.1, 1.8, column, mentions=23, quote_id="c15"),
        driver("service.attitude", "positive", 4.25, 1.5, column, mentions=10),
        driver("digital.account", "negative", -0.4, 0.9, column, mentions=6, q_value=0.4),
        driver("place.cleanliness", "negative", -0.3, 0.1, column, mentions=3),
        driver(
            "competitor",
            "neutral",
            math.nan,
            math.nan,
            column,
            mentions=7,
            p_value=math.nan,
            q_value=math.nan,
            caveats=(Caveat.of("collinear", others="wait_time negative"),),
        ),
    )
    with_general = (driver("general", "positive", 7.0, 1.0, column), *drivers[:2])
    level = {"nps": -20.0, "csat": 58.0, "mean": 3.4}[metric]
    return ScoreResult(
        scale=ScoreScale(column, metric, low, high),
        metric=Estimate(level, level - 6, level + 6, 40, "adjusted-wald"),
        distribution=((0.0, 5), (6.0, 15), (7.0, 8), (10.0, 12)),
        drivers=drivers,
        drivers_with_general=with_general,
        explained=0.41,
        suppressed=2,
        segments=tuple(
            SegmentMetric("branch", name, estimate(level + i, 4, 13), people)
            for i, (name, people) in enumerate(
                [("Nord", 13), ("<i>Süd</i> & Co", 12), ("Winzig", 2)]
            )
        ),
        trend=tuple(
            SegmentMetric("period", period, estimate(level + i, 3, 10), 10)
            for i, period in enumerate(["2025-01", "2025-02", "2025-04"])
        ),
        caveats=(Caveat.of("classifier_error"),),
    )


def facts() -> Facts:
    """What was read."""
    return Facts(
        files=("umfrage <2025>.csv",),
        rows_in=43,
        rows_analysed=40,
        rows_rejected=3,
        rejected=(
            RejectedReason("score_out_of_range", 2, "line 9: 'nps' is '11', expected 0 to 10"),
            RejectedReason("something_new", 1, "[bold]line 12[/bold]"),
        ),
        comments=36,
        non_answers=4,
        with_opinion=36,
        general_only=10,
        customers=40,
        languages=(("de", 25), ("en", 11)),
        columns=(
            ColumnUse("text", "Kommentar", "longest free text", given=False),
            ColumnUse("score", "nps", "integers 0-10, as NPS", given=False),
            ColumnUse("date", "Datum", "given, dates, day-month order", given=True),
        ),
        questions=(QuestionUse("Was können wir verbessern?", "improve", 36),),
        notes=(),
        caveats=(Caveat.of("other_language", n=2, languages="fr"),),
        model_name="baseline",
        model_version="0.1.0",
        taxonomy_name="cx",
        taxonomy_hash="0123456789abcdef",
        min_group=5,
    )


def world(*scores: ScoreResult) -> Result:
    """The result with these scores."""
    comments, opinions = _tables()
    return Result(comments, opinions, scores, facts())


def with_manners(result: Result) -> Result:
    """The result with emotion, intent and effort of every comment; three people are afraid and may leave."""
    said: list[tuple[str | None, ...]] = [("anger", "complaint", "high")] * 12
    said += [("gratitude", "praise", "none")] * 10 + [("joy", "praise", "low")] * 10
    said += [("fear", "churn_risk", "none")] * 3 + [("anger", "bug_report", "high")]
    said += [(None, None, None)] * 4
    columns = {name: result.comments[name] for name in result.comments.columns}
    for i, manner in enumerate(("emotion", "intent", "effort")):
        columns[manner] = strings([row[i] for row in said])
        columns[f"{manner}_probability"] = np.where([row[i] is None for row in said], np.nan, 0.8)
    angry = SegmentMetric("emotion", "anger", estimate(-60, 5, 13), 13)
    scores = tuple(replace(score, manners=(angry,)) for score in result.scores)
    return replace(result, comments=Table(columns), scores=scores)
