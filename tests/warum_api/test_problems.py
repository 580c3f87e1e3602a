"""Every refusal has one shape."""

from __future__ import annotations

import json

import pytest

from warum_api.problems import CATALOGUE, Problem, ProblemDocument, shortened


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
