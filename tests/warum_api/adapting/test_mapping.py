from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from warum_api.adapting import mapping as documented
from warum_api.adapting.mapping import BadRecord, JsonMapping, Mapper
from warum_api.adapting.tickets import Message
from warum_api.problems import Problem

MAPPING = JsonMapping.model_validate({
    "records": "$.reviews[*]",
    "fields": {
        "text": "$.review.body", "id": "$.id", "customer": "$.author.id", "date": "$.created_at", "score": "$.stars",
        "language": "$.lang", "source": "$.channel",
    },
    "constants": {"source": "review", "language": "de"},
})  # fmt: skip


def record(**changed: Any) -> dict[str, Any]:
    return {
        "id": 7, "review": {"body": "Toll"}, "author": {"id": "a"}, "created_at": "2026-03-01T10:00:00Z",
        "stars": "4.5", "lang": "EN", "channel": "app", **changed,
    }  # fmt: skip


def read(*records: Any) -> list[Message | BadRecord]:
    return Mapper(MAPPING).messages({"reviews": list(records)})


def test_the_fields_are_found() -> None:
    (message,) = read(record())
    assert isinstance(message, Message)
    assert (message.message_id, message.text, message.customer) == (7, "Toll", "a")
    assert (message.date, message.score) == ("2026-03-01T10:00:00+00:00", 4.5)
    assert (message.language, message.source) == ("en", "app")


def test_what_is_missing_comes_from_the_constants() -> None:
    (message,) = read({"review": {"body": None}, "created_at": 1_772_366_400})
    assert isinstance(message, Message)
    assert (message.message_id, message.text) == (1, None)
    assert (message.language, message.source) == ("de", "review")
    assert message.date == "2026-03-01T12:00:00+00:00"


@pytest.mark.parametrize(
    ("changed", "pointer", "detail", "came"),
    [
        ({"review": {}}, "/reviews/1", "text: $.review.body finds nothing", "{"),
        (
            {"review": {"body": 5}},
            "/reviews/1/review/body",
            "text ($.review.body): expected a text",
            "5",
        ),
        ({"id": True}, "/reviews/1/id", "expected a text of at most 200", "true"),
        ({"id": 1.5}, "/reviews/1/id", "or a whole number", "1.5"),
        ({"stars": "five"}, "/reviews/1/stars", "score ($.stars): expected a number", "five"),
        ({"stars": float("nan")}, "/reviews/1/stars", "expected a number", "NaN"),
        ({"created_at": "tomorrow"}, "/reviews/1/created_at", "ISO 8601", "tomorrow"),
        ({"created_at": 10**30}, "/reviews/1/created_at", "ISO 8601", "1000"),
        ({"lang": "klingonisch?"}, "/reviews/1/lang", "expected a language", "klingonisch?"),
    ],
)
def test_a_bad_record_names_path_place_and_value_and_spoils_no_other(
    changed: dict[str, Any], pointer: str, detail: str, came: str
) -> None:
    first, bad, last = read(record(), record(**changed), record(id="z"))
    assert isinstance(first, Message)
    assert isinstance(last, Message)
    assert isinstance(bad, BadRecord)
    (fault,) = bad.faults
    assert fault.pointer == pointer
    assert detail in fault.detail
    assert came in (fault.came or "")


def test_a_path_that_finds_several_values_is_in_doubt() -> None:
    mapper = Mapper(JsonMapping.model_validate({"fields": {"text": "$.parts[*]"}}))
    (bad,) = mapper.messages({"parts": ["a", "b", "c"]})
    assert isinstance(bad, BadRecord)
    assert bad.faults[0].came == "3 values, at /parts/0 and /parts/1"


@pytest.mark.parametrize(
    "body", [{}, {"reviews": []}, {"reviews": None}, [], 5, {"reviews": [{}] * 1_001}]
)
def test_a_body_without_records_is_a_problem(body: Any) -> None:
    with pytest.raises(Problem) as refused:
        Mapper(MAPPING).messages(body)
    assert refused.value.code == "invalid_request"
    assert "$.reviews[*]" in refused.value.detail


def test_a_deep_body_is_a_problem_and_no_crash() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    mapper = Mapper(JsonMapping.model_validate({"records": "$..body", "fields": {"text": "$"}}))
    with pytest.raises(Problem):
        mapper.messages(deep)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"fields": {}}, "fields has no text"),
        ({"fields": {"text": "review.body"}}, "is no JSONPath"),
        ({"fields": {"text": "$.["}}, "is no JSONPath"),
        ({"fields": {"text": "$.a", "body": "$.b"}}, "fields.body"),
        ({"fields": {"text": "$.a"}, "record": "$"}, "record"),
        ({"fields": {"text": "$[?match(@.a, '(a+)+b')]"}}, "is no JSONPath"),
        ({"fields": {"text": "$" + ".a" * 300}}, "300"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(data: Any, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        JsonMapping.model_validate(data)
    assert said in str(refused.value)


def test_the_example_of_the_documentation_is_a_mapping() -> None:
    assert documented.__doc__ is not None
    lines = documented.__doc__.splitlines()
    text = "\n".join(line[4:] for line in lines if line.startswith("    "))
    assert JsonMapping.model_validate(yaml.safe_load(text)).constants == {"source": "review"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["reviews", "review", "body", "id", "stars", "lang"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=40)
@given(_JSON)
def test_anything_is_a_message_a_bad_record_or_a_problem(body: Any) -> None:
    try:
        found = Mapper(MAPPING).messages(body)
    except Problem as problem:
        assert problem.code == "invalid_request"  # noqa: PT017
    else:
        assert found
