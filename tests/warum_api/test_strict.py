"""Bodies are taken as they are meant, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import Field, ValidationError

from warum_api.strict import Day, Strict, Time, unwanted


class Inner(Strict):
    at: Time | None = None
    whole: int = 0


class Body(Strict):
    text: str = ""
    flag: bool = False
    share: float = 0.5
    data: dict[str, Any] = Field(default_factory=dict)
    inner: list[Inner] = Field(default_factory=list)
    day: Day | None = None


def test_what_is_meant_is_taken() -> None:
    body = Body.model_validate(
        {
            "text": "ä👍\n",
            "flag": True,
            "share": 1,
            "data": {"a": [1, None]},
            "inner": [{"whole": 3}],
        }
    )
    assert (body.share, body.inner[0].whole) == (1.0, 3)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ('{"flag": "yes"}', "boolean"),
        ('{"inner": [{"whole": "3"}]}', "integer"),
        ('{"share": NaN}', "NaN"),
        ('{"data": {"a": [{"b": Infinity}]}}', "NaN or infinite"),
        ('{"data": {"a\\u0000": 1}}', "NUL"),
        ('{"text": "\\ud800"}', "half a character"),
        ('{"x": 1}', "Extra"),
    ],
)
def test_what_is_not_meant_or_cannot_be_stored_is_refused(sent: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Body.model_validate(json.loads(sent))


@pytest.mark.parametrize(
    ("sent", "came"),
    [
        ("2026-03-01", datetime(2026, 3, 1)),  # noqa: DTZ001 - none came
        ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T10:00:00.5+01:00", datetime(2026, 3, 1, 9, 0, 0, 500_000, UTC)),
    ],
)
def test_times_as_they_are_written(sent: str, came: datetime) -> None:
    assert Inner.model_validate({"at": sent}).at == came


@pytest.mark.parametrize(
    "sent", [0, "0", 1.5, True, "2026", "1772359200", "2026-13-01", "", "٢٠٢٦-03-01"]
)
def test_times_that_are_numbers_or_none_are_refused(sent: Any) -> None:
    with pytest.raises(ValidationError):
        Inner.model_validate({"at": sent})
    with pytest.raises(ValidationError):
        Body.model_validate({"day": sent})


def test_a_day_is_a_day() -> None:
    class Asked(Strict):
        day: Day

    assert Asked.model_validate_json('{"day": "2026-03-01"}').day == date(2026, 3, 1)


def test_what_can_be_stored_is_not_unwanted() -> None:
    assert unwanted({"a": ["x", 1, 1.5, None, True, {"b": "c"}]}) is None
