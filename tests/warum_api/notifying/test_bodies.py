from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.warum_api.notifying.happenings import UNKNOWN, failed, finished, raised
from tests.warum_api.notifying.kept import NOON, subscribed
from warum.caveats import Ui
from warum_api.notifying.bodies import MOST_BODY_BYTES, asked_texts, body_of
from warum_api.notifying.events import Event
from warum_api.notifying.slack import slack_body

JSON = subscribed("https://example.org/")
SLACK = subscribed("https://example.org/", form="slack")
TEXTS = {"c0000": "The app <!channel> crashes & burns", "c0001": "Stürzt   ab\nimmer"}


def told(event: Event, subscription: Any = JSON, **texts: str) -> Any:
    return json.loads(body_of(event, subscription, "dlv_1", texts))


def test_the_body_of_an_alert() -> None:
    body = told(raised())
    assert (body["id"], body["type"], body["project"]) == ("dlv_1", "alert.raised", "shop")
    data = body["data"]
    assert data["title"]["de"]
    assert data["expected"] == {"value": 8.2, "low": 3, "high": 14}
    assert data["comments"][0] == {"id": "c0000"}
    assert data["comments_total"] == 23


def test_text_is_sent_only_where_it_was_asked_for() -> None:
    assert "crashes" not in json.dumps(told(raised(), **TEXTS))
    asking = replace(JSON, with_text=True)
    assert told(raised(), asking, **TEXTS)["data"]["comments"][0] == {
        "id": "c0000",
        "text": TEXTS["c0000"],
    }
    assert asked_texts(raised(), JSON) == ()
    assert len(asked_texts(raised(), asking)) == 20


def test_the_same_thing_told_again_has_the_same_id() -> None:
    assert raised().event_id == raised(seen=24).event_id
    assert raised().event_id != raised(day="2026-03-02").event_id
    assert finished().event_id == finished().event_id != finished("job_9").event_id


def test_numbers_that_are_not_known_are_null() -> None:
    data = told(raised(expected=UNKNOWN, seen=None, people=None))["data"]
    assert data["expected"] == {"value": None, "low": None, "high": None}
    assert data["seen"] is None


def test_a_body_stays_small() -> None:
    many = raised(comments=tuple("x" * 5_000 + str(i) for i in range(300)))
    body = body_of(many, replace(JSON, with_text=True), "dlv_1", {})
    assert len(body) <= MOST_BODY_BYTES
    assert json.loads(body)["data"]["comments_total"] == 300
    assert len(body_of(many, SLACK, "dlv_1", {})) <= MOST_BODY_BYTES


@pytest.mark.parametrize(
    ("ui", "header", "counted"),
    [
        ("en", "negative mentions jumped", "Since 2026-03-01: 23 of 410 occasions mention it, expected 8.2 (3 to 14)."),
        ("de", "negative Nennungen sprunghaft gestiegen",
         "Seit 01.03.2026: in 23 von 410 Anlässen genannt, erwartet 8,2 (3 bis 14)."),
    ],
)  # fmt: skip
def test_slack_gets_text_and_blocks(ui: Ui, header: str, counted: str) -> None:
    body = told(raised(), replace(SLACK, language=ui))
    assert header in body["text"]
    assert body["blocks"][0]["type"] == "header"
    assert header in body["blocks"][0]["text"]["text"]
    assert counted in body["blocks"][1]["text"]["text"]
    assert "`c0000`" in body["blocks"][2]["text"]["text"]
    assert "13" in body["blocks"][2]["text"]["text"]  # and 13 more
    assert body["blocks"][3]["type"] == "context"


@pytest.mark.parametrize("ui", ["en", "de"])
@pytest.mark.parametrize("kind", ["spike", "drift"])
@pytest.mark.parametrize("direction", ["rise", "fall"])
@pytest.mark.parametrize("polarity", ["negative", "neutral", "positive"])
def test_every_alert_has_words(ui: Ui, kind: str, direction: str, polarity: str) -> None:
    event = raised(
        kind=kind,
        direction=direction,
        polarity=polarity,
        by="branch",
        value="<North>",
        expected=UNKNOWN,
    )
    body = slack_body(event, ui, comments=(), texts={})
    assert "branch = &lt;North&gt;" in body["text"]
    assert " nan" not in json.dumps(body)


def test_nobody_is_called_by_a_text() -> None:
    body = slack_body(raised(), "en", comments=("c0000", "c`0001"), texts=TEXTS)
    assert "<!" not in json.dumps(body)
    assert "&lt;!channel&gt; crashes &amp; burns" in body["blocks"][2]["text"]["text"]
    shown = slack_body(failed(), "de", comments=(), texts={})
    assert shown["blocks"][0]["text"]["text"] == "Auftrag gescheitert: report <b>"  # plain text
    assert "A &amp; B &lt; C" in shown["blocks"][1]["text"]["text"]
    assert "report &lt;b&gt;" in shown["text"]


def test_what_slack_allows_is_kept() -> None:
    texts = {f"c{i:04}": "<" * 900 for i in range(23)}
    body = slack_body(raised(), "en", comments=tuple(texts), texts=texts)
    assert len(body["text"]) <= 3_000
    for block in body["blocks"]:
        limit = 150 if block["type"] == "header" else 3_000
        assert len(block.get("text", {"text": ""})["text"]) <= limit


@pytest.mark.parametrize("ui", ["en", "de"])
def test_a_test_event_in_slack(ui: Ui) -> None:
    event = Event("evt_1", "webhook.test", "acme", None, NOON, {})
    assert len(slack_body(event, ui, comments=(), texts={})["blocks"]) == 1


def test_events_check_themselves() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(finished(), created=NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="kind"):
        replace(finished(), kind="job.started")  # type: ignore[arg-type]
