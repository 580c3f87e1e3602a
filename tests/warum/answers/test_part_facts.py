"""Counts of a part are those of an analysis of this part alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import warum
from warum.answers.part_facts import facts_of_part
from warum.errors import UsageError
from warum.explaining import restricted
from warum.question import Question, asked_about

TEXTS = (
    ("Great staff but far too expensive.", "10", "North"),
    ("Eine Stunde in der Warteschleife", "1", "South"),
    ("Alles bestens", "9", "North"),
    ("", "5", "South"),
)


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> warum.Analysis:
    path: Path = tmp_path_factory.mktemp("part") / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "customer", "date", "comment", "nps", "branch"])
        for i in range(48):
            text, score, branch = TEXTS[i % 4]
            writer.writerow(
                [f"r{i}", f"c{i % 16}", f"2025-{1 + i % 6:02d}-10", text, score, branch]
            )
    return warum.analyze(
        path, text="comment", score="nps", customer="customer", date="date", by="branch", id="id",
        model="fast",
    )  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        Question(where=["branch=North"]),
        Question(where=["branch=south"], since="2025-02", until="2025-04"),
    ],
)
def test_a_part_is_counted_anew(analysis: warum.Analysis, question: Question) -> None:
    part = asked_about(analysis.reading, question)
    facts, comments = facts_of_part(part), part.comments
    texts = [text for text in comments["text"].tolist() if text]
    assert facts.comments == len(texts) < analysis.reading.facts.comments
    assert facts.with_opinion == len(set(part.opinions["comment_id"].tolist()))
    assert sum(n for _, n in facts.languages) == facts.comments
    assert facts.customers == len(set(comments["customer"].tolist()))
    assert facts.rows_in == 48


def test_the_analysis_of_a_part(analysis: warum.Analysis) -> None:
    assert restricted(analysis, Question(before="2025-01", after="2025-02")) is analysis
    north = restricted(analysis, Question(where=["branch=North"]))
    (whole,), (some,) = analysis.result.scores, north.result.scores
    assert some.metric.n < whole.metric.n
    assert some.metric.value == 100.0  # tens and nines
    assert north.summary.coverage.comments == 24
    with pytest.raises(UsageError, match="branch"):
        restricted(analysis, Question(where=["branch=West"]))
