from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.warum_api.adapting.readings import OWNED, opinion, reading
from warum.errors import UsageError
from warum.records import Comment
from warum_api.adapting import rules
from warum_api.adapting.routing import explained, route
from warum_api.adapting.rules import RoutingRule, parse_rule, rule_of, shipped_rule, shipped_text

RULE = shipped_rule()
TEXT = "The app will crash and it is expensive"


def read(**how: Any) -> Any:
    return reading(Comment("1", TEXT, 1), **how)


def changed(**how: Any) -> RoutingRule:
    return rule_of({**yaml.safe_load(shipped_text()), **how}, origin="test")


@pytest.mark.parametrize(
    ("how", "row", "urgency"),
    [
        ({"intent": "churn_risk"}, "leaving", "urgent"),
        ({"intent": "churn_risk", "intent_probability": 0.59}, "otherwise", "normal"),
        ({"intent": "complaint", "emotion": "anger"}, "furious", "high"),
        ({"intent": "bug_report", "emotion": "anger"}, "furious", "high"),
        (
            {"intent": "complaint", "emotion": "anger", "emotion_probability": 0.5},
            "complaint",
            "normal",
        ),
        ({"intent": "complaint", "emotion": "anger", "polarity": "neutral"}, "complaint", "normal"),
        ({"intent": "question", "emotion": "fear"}, "afraid", "high"),
        ({"intent": "bug_report", "emotion": "neutral"}, "broken", "high"),
        ({"intent": "question", "emotion": "neutral"}, "question", "normal"),
        ({"intent": "praise", "emotion": "joy", "polarity": "positive"}, "praise", "low"),
        ({"intent": "praise", "emotion": "joy", "polarity": "negative"}, "otherwise", "normal"),
        ({"intent": "suggestion", "emotion": "neutral"}, "suggestion", "low"),
        ({"intent": "other", "emotion": "neutral"}, "otherwise", "normal"),
        ({"intent": None, "emotion": None, "intent_probability": math.nan}, "otherwise", "normal"),
        ({"intent": "churn_risk", "intent_probability": math.nan}, "otherwise", "normal"),
    ],
)
def test_the_first_row_that_holds_sets_the_urgency(how: Any, row: str, urgency: str) -> None:
    found = route(read(**how), OWNED, RULE)
    assert (found.row, found.urgency) == (row, urgency)
    assert found.held


def test_each_condition_that_held_is_told() -> None:
    found = route(read(), OWNED, RULE)
    assert [(h.part, h.came, h.confidence, h.least) for h in found.held] == [
        ("intent", "complaint", 0.9, 0.6),
        ("emotion", "anger", 0.7, 0.6),
        ("polarity", "negative", None, None),
    ]
    assert explained(found, RULE, {"digital.app": "App"}, "en") == [
        "Urgency high by the row “furious”: "
        "intent complaint 0.90 ≥ 0.60, emotion anger 0.70 ≥ 0.60, polarity negative.",
        "Category App: the opinion “crash” holds it with confidence 0.90.",
        "Owner Mobile team: looks after the category.",
    ]
    german = explained(route(read(opinions=(), intent=None), OWNED, RULE), RULE, {}, "de")
    assert german == [
        "Dringlichkeit normal durch die Zeile „otherwise“: keine andere Zeile trifft zu.",
        "Keine Kategorie: keine Meinung hat die Sicherheit 0,50.",
        "Niemand zuständig: weder die Kategorie noch die Regel nennt jemanden.",
    ]


def test_the_category_is_that_of_the_surest_opinion_of_the_comments_polarity() -> None:
    def category(*opinions: Any) -> str | None:
        return route(read(opinions=opinions), OWNED, RULE).category

    app, price = opinion(TEXT, "crash"), opinion(TEXT, "expensive", "price.level", confidence=0.95)
    assert category(app, price) == "price.level"
    praised = opinion(
        TEXT, "expensive", "price.level", confidence=0.95, polarity="positive", sentiment=0.5
    )
    assert category(app, praised) == "digital.app"
    assert category(praised) == "price.level"
    assert category(opinion(TEXT, "crash", confidence=0.49)) is None
    assert (
        category(opinion(TEXT, "it", "price.level"), app) == "digital.app"
    )  # equally sure: the first
    assert category() is None


def test_the_owner_is_the_categorys_else_the_rules() -> None:
    fallback = changed(fallback_owner="Front desk")
    price = (opinion(TEXT, "expensive", "price.level"),)

    def owner(rule: RoutingRule, **how: Any) -> tuple[str | None, str | None]:
        found = route(read(**how), OWNED, rule)
        return found.owner, found.owner_from

    assert owner(RULE) == ("Mobile team", "category")
    assert owner(fallback) == ("Mobile team", "category")
    assert owner(RULE, opinions=price) == (None, None)
    assert owner(fallback, opinions=price) == ("Front desk", "fallback")
    assert owner(fallback, opinions=()) == ("Front desk", "fallback")
    assert owner(fallback, opinions=(opinion(TEXT, "it", "general"),)) == ("Front desk", "fallback")


def test_a_row_may_ask_for_a_category_or_its_first_level() -> None:
    rows = [
        {"name": "app", "when": {"category": ["digital"]}, "urgency": "urgent"},
        {"name": "rest", "when": {}, "urgency": "low"},
    ]
    rule = changed(rows=rows)
    assert route(read(), OWNED, rule).row == "app"
    price = read(opinions=(opinion(TEXT, "expensive", "price.level"),))
    assert route(price, OWNED, rule).row == "rest"
    assert route(read(opinions=()), OWNED, rule).row == "rest"


OTHERWISE = {"name": "z", "when": {}, "urgency": "low"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rows": []}, "rows"),
        (
            {"rows": [{"name": "a", "when": {"intent": ["complaint"]}, "urgency": "low"}]},
            "the last row 'a' has conditions",
        ),
        ({"rows": [{**OTHERWISE, "name": "a"}, OTHERWISE]}, "'a' has no condition"),
        (
            {"rows": [{"name": "z", "when": {"intent": ["praise"]}, "urgency": "low"}, OTHERWISE]},
            "'z' stands twice",
        ),
        (
            {"rows": [{"name": "a", "when": {"intent": ["moan"]}, "urgency": "low"}, OTHERWISE]},
            "intent 'moan' is not known",
        ),
        (
            {"rows": [{"name": "a", "when": {"emotion": ["rage"]}, "urgency": "low"}, OTHERWISE]},
            "emotion 'rage'",
        ),
        (
            {"rows": [{"name": "a", "when": {"polarity": ["bad"]}, "urgency": "low"}, OTHERWISE]},
            "rows.0.when.polarity.0",
        ),
        ({"rows": [{**OTHERWISE, "urgency": "asap"}]}, "(came: 'asap')"),
        ({"rows": [{**OTHERWISE, "least": 1.5}]}, "(came: 1.5)"),
        ({"least_category": "x"}, "least_category"),
        ({"rule": 1}, "rule"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(change: Any, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        changed(**change)
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["", "- a", "a: [", "5"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"mine\.yaml"):
        parse_rule(text, origin="mine.yaml")


def test_the_table_of_the_documentation_is_the_shipped_rule() -> None:
    assert rules.__doc__ is not None
    lines = [line.strip() for line in rules.__doc__.splitlines() if line.strip().startswith("|")]
    told = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    shipped = [
        [
            row.name,
            ", ".join(row.when.intent),
            ", ".join(row.when.emotion),
            ", ".join(row.when.polarity),
            f"{row.least:g}" if row.when.any else "",
            row.urgency,
        ]
        for row in RULE.rows
    ]
    assert told == shipped


def test_the_table_for_users_is_that_of_the_documentation() -> None:
    assert rules.__doc__ is not None
    guide = (Path(__file__).parents[3] / "docs" / "service.md").read_text("utf-8")
    told = {" ".join(line.split()) for line in guide.splitlines()}
    for row in (line for line in rules.__doc__.splitlines() if line.strip().startswith("|")):
        assert " ".join(row.replace("|", " | ").split()) in told
