"""The bundled example as it would be read without an error: with its gold opinions, no model."""

from __future__ import annotations

import csv
from functools import cache

from warum.answers.rows import WhyRows
from warum.collecting import collect, comments_of
from warum.example import example_path
from warum.given_options import read_options
from warum.reading import read_responses
from warum.records import Comment, Opinion, Polarity, ReadComment
from warum.result import Reading
from warum.taxonomy import load_taxonomy

SENTIMENT: dict[str, float] = {"negative": -0.8, "neutral": 0.0, "positive": 0.8}


@cache
def gold_reading() -> Reading:
    """800 comments with NPS, CSAT and CES, customers, dates, branch, channel and source."""
    taxonomy = load_taxonomy()
    options = read_options(
        text="comment", question="question", score=["nps:nps", "csat:csat", "ces:ces"],
        id="response_id", customer="customer_id", date="date", by=["branch"], channel="channel",
        source="source",
        number=["waiting_minutes", "first_response_hours", "resolution_hours", "revenue_eur", "churned"],
    )  # fmt: skip
    responses = read_responses([example_path()], options)
    held: dict[str, list[Opinion]] = {}
    with example_path("opinions_gold.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            polarity: Polarity = row["polarity"]  # type: ignore[assignment] # of the file
            category = next(c for c in taxonomy.categories if c.code == row["category"])
            held.setdefault(row["response_id"], []).append(
                Opinion(
                    row["category"], SENTIMENT[polarity], polarity, 1.0, int(row["start"]),
                    int(row["end"]), row["evidence"], category.stage, category.touchpoint,
                )
            )  # fmt: skip
    read = [
        _read(comment, tuple(held.get(comment.comment_id, ())))
        for comment in comments_of(responses)
    ]
    return collect(
        responses, read, model=("gold", "1"), taxonomy=(taxonomy.name, taxonomy.hash),
        read_languages=frozenset({"de", "en"}), min_group=5,
    )  # fmt: skip


def _read(comment: Comment, opinions: tuple[Opinion, ...]) -> ReadComment:
    mood = sum(one.sentiment for one in opinions) / max(1, len(opinions))
    polarity: Polarity = "neutral" if mood == 0 else ("positive" if mood > 0 else "negative")
    german = sum(
        word in (comment.text or "").lower().split()
        for word in ("der", "die", "und", "ich", "nicht")
    )
    return ReadComment(
        comment, comment.text, language="de" if german > 1 else "en", language_sure=True,
        opinions=opinions, sentiment=mood, polarity=polarity,
    )  # fmt: skip


@cache
def gold_rows() -> WhyRows:
    """The same, ready for the sections."""
    return WhyRows.of(gold_reading(), load_taxonomy())
