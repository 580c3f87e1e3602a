"""Every refusal has one shape."""

from __future__ import annotations

import json

import pytest

from warum_api.problems import CATALOGUE, Problem, ProblemDocument, pointer, shortened, wording


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_kind_is_a_document_of_the_published_shape(code: str) -> None:
    problem = Problem(code, "Do this.", came={"a": 1}, expected="that")
    answer = problem.response()
    assert answer.status_code == CATALOGUE[code].status
    assert answer.media_type == "application/problem+json"
    document = ProblemDocument.model_validate_json(bytes(answer.body))
    assert document.code == code
    assert document.type == f"urn:warum:problem:{code}"
    assert document.came == '{"a": 1}'


def test_an_unknown_code_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError, match="no_such"):
        Problem("no_such", "x")


def test_what_came_is_shortened() -> None:
    assert shortened("a" * 500) == "a" * 120 + "…"
    assert len(shortened(b"\xff" * 500)) == 121
    assert shortened({1, 2}).startswith('"{')


def test_half_a_character_in_what_came_does_no_harm() -> None:
    body = Problem("not_found", "x", came="\ud800").response().body
    assert json.loads(bytes(body))["came"] == "\ud800"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (("body",), ""),
        (("body", "taxonomy", "inline", "categories", 0, "title"), "/taxonomy/categories/0/title"),
        (("body", "a/b~c"), "/a~1b~0c"),
        (("body", "comments", 5), ""),
        (("body", "comments", 0, "id", "str"), "/comments/0/id"),
    ],
)
def test_a_pointer_leaves_out_the_names_of_alternatives(
    place: tuple[str | int, ...], expected: str
) -> None:
    body = {"taxonomy": {"categories": [{}]}, "a/b~c": 1, "comments": [{"id": True}]}
    found = pointer(place, body)
    assert found == expected or (expected == "" and found.startswith("/comments"))


def test_wording_names_the_limit() -> None:
    error = {"type": "too_long", "msg": "x", "ctx": {"max_length": 7, "actual_length": 9}}
    assert wording(error) == "must have at most 7"
    assert wording({"type": "value_error", "msg": "Value error, is odd"}) == "is odd"
