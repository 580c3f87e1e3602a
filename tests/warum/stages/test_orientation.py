"""Questions, and what they ask for."""

from __future__ import annotations

import pytest

from tests.warum.stages.reading_of import comment_of
from warum.records import Orientation
from warum.stages.orientation import ReadOrientation, orientation_of

CASES: dict[Orientation, tuple[str | None, ...]] = {
    "good": (
        "What was good?",
        "What did you like about your visit?",
        "What worked well?",
        "What has improved?",
        "Was hat Ihnen gefallen?",
        "Was hat Ihnen besonders gut gefallen?",
        "Was lief gut?",
        "what_was_good",
        "Lob",
        "pros",
        "WAS WAR GUT?",
    ),
    "bad": (
        "What was bad?",
        "What didn't you like?",
        "What did you not like?",
        "What did you like least?",
        "What went wrong?",
        "What were you dissatisfied with?",
        "Was hat gestört?",
        "Was hat Ihnen nicht gefallen?",
        "Was hat Sie geärgert?",
        "Was lief schief?",
        "Kritik",
        "cons",
    ),
    "improve": (
        "How could we improve?",
        "What could we do better?",
        "What could we have done better?",
        "Please tell us about anything that we could have improved",
        "Do you have any suggestions?",
        "What would it take to earn a 10?",
        "Was können wir besser machen?",
        "Haben Sie Verbesserungsvorschläge?",
        "Was fehlt Ihnen?",
        "Was wünschen Sie sich von uns?",
        "Verbesserungsvorschlag",
    ),
    "open": (
        None,
        "",
        "Kommentar",
        "Why did you give this score?",
        "Why?",
        "Was ist der Hauptgrund für Ihre Bewertung?",
        "What would you like to tell us?",
        "How likely are you to recommend us?",
        "Wie gut hat Ihnen der Service gefallen?",
        "Lob und Kritik",
        "Was hat Ihnen gut und was weniger gut gefallen?",
        "What was good and what could be better?",
        "Please describe any things that\nyou were particularly satisfied and/or dissatisfied with",
    ),
}


@pytest.mark.parametrize(
    ("question", "orientation"),
    [(question, orientation) for orientation, asked in CASES.items() for question in asked],
)
def test_what_a_question_asks_for(question: str | None, orientation: Orientation) -> None:
    assert orientation_of(question) == orientation


def test_the_stage_reads_each_comments_own_question() -> None:
    batch = [comment_of("x", question=question) for question in ("What was bad?", None)]
    assert [read.orientation for read in ReadOrientation()(batch)] == ["bad", "open"]


def test_an_endless_question_is_read_in_no_time() -> None:
    assert orientation_of("What was good? " + "n t " * 100_000) == "good"
