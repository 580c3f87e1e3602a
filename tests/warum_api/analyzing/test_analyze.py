"""`POST /v1/analyze` as a support tool calls it."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.warum_api.conftest import Serving
from warum.pipeline import run
from warum.records import Comment
from warum.taxonomy import load_taxonomy

RESULT = {
    "id", "language", "sentiment", "polarity", "emotion", "intent", "effort", "opinions", "warnings",
}  # fmt: skip
OPINION = {
    "category", "title", "sentiment", "polarity", "confidence", "start", "end", "evidence", "stage",
    "touchpoint", "source", "owner",
}  # fmt: skip
TICKET = "Your driver was friendly, but the parcel came two days late."
TEXTS = (
    TICKET,
    "Die App stürzt beim Bezahlen ab 😡, aber der Kundenservice war sehr nett.",
    "Eine Stunde in der Warteschleife!",
    "Great",
    "",
    "n/a",
    "Отлично работает",
    "电池很好",
    "Nothing works since the update; I want my money back.",
)
OWN = {
    "name": "helpdesk",
    "version": "3",
    "categories": [
        {
            "code": "billing",
            "title": {"en": "Billing", "de": "Rechnung"},
            "description": "Invoices, charges, refunds and payment errors.",
            "owner": "finance",
        },
        {
            "code": "speed",
            "title": "Speed",
            "description": "How long people wait for an answer or a delivery.",
        },
    ],
}


def ask(service: httpx.Client, *texts: Any, headers: Any = None, **more: Any) -> Any:
    comments = [{"id": str(i), "text": text} for i, text in enumerate(texts)]
    body = json.dumps({"comments": comments, **more})  # writes lone surrogates as JSON can
    headers = {"Content-Type": "application/json", **(headers or {})}
    answer = service.post("/v1/analyze", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_ticket_gets_its_categories(service: httpx.Client) -> None:
    reply = ask(service, TICKET)
    assert set(reply) == {"model", "taxonomy", "results"}
    assert reply["model"]["name"] == "fast"
    assert reply["taxonomy"] == {"name": "cx", "hash": load_taxonomy().hash}
    (result,) = reply["results"]
    assert set(result) == RESULT
    assert result["language"] == "en"
    assert "delivery" in [opinion["category"] for opinion in result["opinions"]]
    for opinion in result["opinions"]:
        assert set(opinion) == OPINION
        assert TICKET[opinion["start"] : opinion["end"]] == opinion["evidence"]
        assert opinion["title"] == load_taxonomy().title(opinion["category"], "en")
        assert (opinion["source"], opinion["owner"]) == ("model", None)


def test_the_same_input_gets_the_same_bytes_alone_and_among_others(service: httpx.Client) -> None:
    comments = [{"id": str(i), "text": TEXTS[i % len(TEXTS)]} for i in range(90)]

    def send(some: list[dict[str, str]]) -> bytes:
        return service.post("/v1/analyze", json={"comments": some}).content

    together = send(comments)
    assert send(comments) == together
    alone = [json.loads(send([one]))["results"][0] for one in comments[: len(TEXTS)]]
    assert json.loads(together)["results"][: len(TEXTS)] == alone
    parts = [comments[i : i + 3] for i in range(0, 90, 3)]
    with ThreadPoolExecutor(8) as pool:  # batched across requests
        found = [r for part in pool.map(send, parts) for r in json.loads(part)["results"]]
    assert found == json.loads(together)["results"]


def test_it_reads_as_the_library_does(service: httpx.Client) -> None:
    from warum.defaults import StageOptions, stages_of

    stages = stages_of("fast", load_taxonomy(), StageOptions())
    read = run([Comment(str(i), text, i) for i, text in enumerate(TEXTS)], stages)
    for result, expected in zip(ask(service, *TEXTS)["results"], read, strict=True):
        assert result["language"] == (expected.language or None)
        assert result["polarity"] == expected.polarity
        assert result["emotion"] == expected.emotion
        found = [(o["category"], o["start"], o["confidence"]) for o in result["opinions"]]
        assert found == [(o.category, o.start, o.confidence) for o in expected.opinions]


def test_order_is_kept_and_an_id_may_stand_twice(service: httpx.Client) -> None:
    ids: list[str | int] = ["b", "a", "b", 7, "7", -1, "ö", "b"]
    comments = [{"id": name, "text": TEXTS[i]} for i, name in enumerate(ids)]
    reply = service.post("/v1/analyze", json={"comments": comments}).json()
    assert [result["id"] for result in reply["results"]] == ids


def test_a_thousand_comments_come_back_in_order(service: httpx.Client) -> None:
    reply = ask(service, *(TEXTS[i % 4] for i in range(1000)))
    assert [result["id"] for result in reply["results"]] == [str(i) for i in range(1000)]


@pytest.mark.parametrize(
    ("item", "comment_id", "said"),
    [
        (7, None, "it must be an object"),
        (None, None, "it must be an object"),
        ([], None, "it must be an object"),
        ({}, None, "/id is missing"),
        ({"text": "a"}, None, "/id is missing"),
        ({"id": "x"}, "x", "/text is missing"),
        ({"id": "x", "text": 12}, "x", "/text must be a string"),
        ({"id": "x", "text": ["a"]}, "x", "/text must be a string"),
        ({"id": "x", "text": "a\ud800"}, "x", "half a character"),
        ({"id": "x\udfff", "text": "a"}, None, "half a character"),
        ({"id": True, "text": "a"}, None, "must be a string or must be a whole number"),
        ({"id": 1.5, "text": "a"}, None, "/id"),
        ({"id": "", "text": "a"}, None, "at least 1 character"),
        ({"id": "x" * 201, "text": "a"}, None, "at most 200 characters"),
        ({"id": 2**63, "text": "a"}, None, "/id"),
        ({"id": "x", "text": "a", "lang": "de"}, "x", "/lang is not a known key"),
        ({"id": "x", "text": "a", "language": "!"}, "x", "/language is no language"),
        ({"id": 4, "text": "a", "question": 5}, 4, "/question must be a string"),
    ],
)
def test_a_bad_comment_is_an_error_entry_in_its_place(
    service: httpx.Client, item: Any, comment_id: Any, said: str
) -> None:
    body = json.dumps(
        {"comments": [{"id": "a", "text": TICKET}, item, {"id": "b", "text": TICKET}]}
    )
    headers = {"Content-Type": "application/json"}
    answer = service.post("/v1/analyze", content=body, headers=headers)
    assert answer.status_code == 200
    first, bad, last = answer.json()["results"]
    assert {**first, "id": 0} == {**last, "id": 0}
    assert set(bad) == {"id", "error"}
    assert bad["id"] == comment_id
    assert bad["error"]["code"] == "invalid_comment"
    assert said in bad["error"]["message"]
    assert bad["error"]["expected"].startswith("an object with id and text")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "no_text"), ("", "no_text"), (" \n\t", "no_text"), ("n/a", "non_answer"),
        ("---", "non_answer"), ("Отлично работает", "other_language"), ("12345", "language_unsure"),
    ],
)  # fmt: skip
def test_what_holds_nothing_to_read_is_a_result_with_a_warning(
    service: httpx.Client, text: str | None, code: str
) -> None:
    (result,) = ask(service, text)["results"]
    assert set(result) == RESULT
    assert (result["opinions"], result["sentiment"], result["polarity"]) == ([], None, None)
    assert [warning["code"] for warning in result["warnings"]] == [code]
    (german,) = ask(service, text, headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"})[
        "results"
    ]
    assert german["warnings"][0]["message"] != result["warnings"][0]["message"]


def test_personal_data_is_blacked_out(service: httpx.Client) -> None:
    text = "Call me at 030 23125118, your staff at anna.geheim@example.com was very rude."
    (result,) = ask(service, text)["results"]
    assert [warning["code"] for warning in result["warnings"]] == ["redacted"]
    assert "anna.geheim" not in json.dumps(result)
    for opinion in result["opinions"]:
        assert len(opinion["evidence"]) == opinion["end"] - opinion["start"]


@pytest.mark.parametrize(
    "text",
    [
        "The app\x00 crashes\x1b[31m every\x7f time\u2028 I pay\r\n",
        "\u202eThe staff was rude\u202c and the app is slow\ufeff",
        "a\u0301" * 300 + " the staff was friendly",
        "👩‍👩‍👧‍👦 The staff was friendly 👩‍👩‍👧‍👦 but the parcel came late",
        "𝕿𝖍𝖊 staff was friendly 𐍈",
        "<script>alert(1)</script> the app is slow",
        "=cmd|' /C calc'!A0 the app is slow",
    ],
)
def test_any_text_is_read_and_evidence_points_into_it(service: httpx.Client, text: str) -> None:
    (result,) = ask(service, text, language="en")["results"]
    for opinion in result["opinions"]:
        assert text[opinion["start"] : opinion["end"]] == opinion["evidence"]


@pytest.mark.parametrize(
    "text", ["x" * 50_000, "The app is slow. " * 2_942, "👍" * 50_000, "\n" * 50_000]
)
def test_a_text_of_50000_characters_is_read(service: httpx.Client, text: str) -> None:
    text = text[:50_000]
    (result,) = ask(service, text, language="en")["results"]
    assert "error" not in result
    (long,) = ask(service, text + "x")["results"]
    assert long["error"]["code"] == "text_too_long"
    assert long["error"]["came"] == "50001 characters"
    assert long["error"]["expected"] == "at most 50000 characters"


def test_the_question_and_the_language_count_and_a_comments_own_win(service: httpx.Client) -> None:
    bad = ask(service, "Nichts", language="de", question="Was hat Ihnen nicht gefallen?")
    good = ask(service, "Nichts", language="German", question="Was hat Ihnen gefallen?")
    assert bad["results"][0]["polarity"] == "positive"
    assert bad["results"][0]["opinions"][0]["source"] == "rule"
    assert good["results"][0]["polarity"] == "negative"
    comment = {"id": 1, "text": "Nichts", "question": "Was hat Ihnen gefallen?", "language": "de"}
    body = {"comments": [comment], "question": "Was hat Ihnen nicht gefallen?", "language": "fr"}
    (own,) = service.post("/v1/analyze", json=body).json()["results"]
    assert (own["polarity"], own["language"]) == ("negative", "de")


@pytest.mark.parametrize(
    ("wanted", "ui"),
    [
        ("de", "de"), ("de-CH", "de"), ("en", "en"), ("fr", "en"), ("fr, de;q=0.5, en;q=0.4", "de"),
        ("en;q=0.2,de;q=x", "en"), ("", "en"), ("*", "en"),
    ],
)  # fmt: skip
def test_titles_come_in_the_language_that_is_asked_for(
    service: httpx.Client, wanted: str, ui: str
) -> None:
    body = {"comments": [{"id": 1, "text": "Die App stürzt beim Bezahlen ab."}]}
    answer = service.post("/v1/analyze", json=body, headers={"Accept-Language": wanted})
    assert answer.headers["content-language"] == ui
    assert answer.headers["vary"] == "Accept-Language"
    (result,) = answer.json()["results"]
    titles = {o["category"]: o["title"] for o in result["opinions"]}
    shipped = load_taxonomy()
    assert titles
    assert titles == {code: shipped.title(code, "de" if ui == "de" else "en") for code in titles}


def test_a_taxonomy_may_come_along(service: httpx.Client) -> None:
    text = "I was charged twice, and then waited two weeks for an answer."
    reply = ask(service, text, taxonomy=OWN)
    assert reply["taxonomy"]["name"] == "helpdesk"
    assert reply["taxonomy"]["hash"] != load_taxonomy().hash
    found = {o["category"]: o for o in reply["results"][0]["opinions"]}
    assert set(found) <= {"billing", "speed", "general"}
    assert found["billing"]["owner"] == "finance"
    assert ask(service, text, taxonomy=OWN) == reply
    german = ask(service, text, taxonomy=OWN, headers={"Accept-Language": "de"})
    titles = {o["category"]: o["title"] for o in german["results"][0]["opinions"]}
    assert titles["billing"] == "Rechnung"
    assert ask(service, TICKET, taxonomy="cx") == ask(service, TICKET)


def _without(taxonomy: Any, *place: Any) -> Any:
    copy = json.loads(json.dumps(taxonomy))
    *path, last = place
    here = copy
    for step in path:
        here = here[step]
    del here[last]
    return copy


@pytest.mark.parametrize(
    ("taxonomy", "code", "pointer"),
    [
        ("cxx", "unknown_taxonomy", None),
        ("/etc/passwd", "unknown_taxonomy", None),
        ("", "invalid_request", "/taxonomy"),
        (5, "invalid_request", "/taxonomy"),
        ([], "invalid_request", "/taxonomy"),
        ({}, "invalid_request", "/taxonomy/categories"),
        ({"categories": []}, "invalid_request", "/taxonomy/categories"),
        ({"categories": [5]}, "invalid_request", "/taxonomy/categories/0"),
        (_without(OWN, "categories", 1, "title"), "invalid_request", "/taxonomy/categories/1/title"),
        ({**OWN, "colour": 1}, "invalid_request", "/taxonomy/colour"),
        ({"categories": [{**OWN["categories"][0], "stage": "x"}]}, "invalid_request",  # type: ignore[dict-item]
         "/taxonomy/categories/0/stage"),
        ({"categories": OWN["categories"] * 2}, "broken_taxonomy", None),  # type: ignore[operator]
        ({"categories": [{"code": "a", "title": {}, "description": "b"}]}, "broken_taxonomy", None),
        ({"categories": [{"code": "a", "title": " ", "description": "b"}]}, "broken_taxonomy", None),
    ],
)  # fmt: skip
def test_a_taxonomy_that_cannot_be_used_is_refused(
    service: httpx.Client, taxonomy: Any, code: str, pointer: str | None
) -> None:
    body = {"comments": [{"id": "1", "text": "x"}], "taxonomy": taxonomy}
    answer = service.post("/v1/analyze", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    if pointer:
        assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("body", "pointer", "said"),
    [
        ({}, "/comments", "is missing"),
        ({"comments": []}, "/comments", "at least 1"),
        ({"comments": "x"}, "/comments", "must be a list"),
        ({"comments": [{"id": "1", "text": "x"}] * 1001}, "/comments", "at most 1000"),
        ({"comments": [1], "langauge": "de"}, "/langauge", "not a known key"),
        ({"comments": [1], "language": "12"}, "/language", "is no language"),
        ({"comments": [1], "question": "x" * 2001}, "/question", "at most 2000"),
        ([], "", "must be an object"),
        ("x", "", "must be an object"),
        (None, "", "must be an object"),
    ],
)
def test_a_request_of_another_form_is_refused_with_where_and_why(
    service: httpx.Client, body: Any, pointer: str, said: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = service.post("/v1/analyze", content=json.dumps(body), headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid_request"
    assert problem["errors"][0]["pointer"] == pointer
    assert said in problem["errors"][0]["detail"]


def test_a_request_may_have_less_time(service: httpx.Client) -> None:
    body = {"comments": [{"id": i, "text": TICKET * 50} for i in range(1000)]}
    begun = time.monotonic()
    answer = service.post("/v1/analyze", json=body, headers={"X-Deadline-Ms": "40"})
    assert (answer.status_code, answer.json()["code"]) == (504, "deadline")
    assert answer.json()["expected"] == "done within 0.04 s"
    assert time.monotonic() - begun < 5
    assert "warum_waiting_comments 0.0" in service.get("/metrics").text
    refused = service.post("/v1/analyze", json=body, headers={"X-Deadline-Ms": "0"})
    assert refused.status_code == 422
    assert "x-deadline-ms" in refused.json()["detail"]


def test_narrower_limits_and_an_overload(serving: Serving) -> None:
    limits = {"max_comments": 5, "max_field_characters": 10, "waiting_comments": 1}
    with serving(model="nothing", batch_comments=1, threads=1, **limits) as client:
        many = [{"id": i, "text": "x"} for i in range(6)]
        answer = client.post("/v1/analyze", json={"comments": many})
        assert answer.json()["expected"] == "1 to 5 comments"
        (long,) = ask(client, "x" * 11)["results"]
        assert long["error"]["expected"] == "at most 10 characters"

        def send(_: int) -> httpx.Response:
            return client.post("/v1/analyze", json={"comments": many[:5]})

        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(send, range(200)))
        refused = [a for a in answers if a.status_code != 200]
        assert {a.status_code for a in refused} <= {503}
        for one in refused[:5]:
            assert one.json()["code"] == "overloaded"
            assert int(one.headers["retry-after"]) >= 1
        assert client.post("/v1/analyze", json={"comments": many[:5]}).status_code == 200
