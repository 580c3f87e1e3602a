"""Bodies that are taken as they are meant, or not at all."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, model_validator
from pydantic import Strict as StrictType

_UNWANTED = re.compile("[\x00\ud800-\udfff]")
_DAY = r"\d{4}-\d\d-\d\d"


def _written(form: str) -> BeforeValidator:
    """Let times only come as they are written: of themselves, the library takes numbers for seconds since 1970."""

    def check(given: object) -> object:
        if isinstance(given, str) and re.fullmatch(form, given, re.ASCII):
            return given
        raise ValueError("must be as in 2026-03-01, or 2026-03-01T10:00:00Z where it is a time")

    return BeforeValidator(check)


Day = Annotated[date, StrictType(strict=False), _written(_DAY)]
"""A day as ISO 8601 writes it."""
Time = Annotated[
    datetime,
    StrictType(strict=False),
    _written(_DAY + r"([Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?)?"),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}),
]
"""A day or a point in time, as ISO 8601 writes it."""


class Strict(BaseModel):
    """A body, or a part of one: no unknown keys, no `"5"` for 5, and nothing that no database can hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, given: Any) -> Any:  # noqa: ANN401 - any JSON
        said = unwanted(given)
        if said is not None:
            raise ValueError(said)
        return given


def unwanted(value: Any) -> str | None:  # noqa: ANN401 - any JSON
    """What in a JSON value cannot be stored, as what is wrong with it; None if all of it can.

    Python reads `NaN`, halves of characters and NUL out of JSON; PostgreSQL takes none of them.
    """
    if isinstance(value, str):
        found = _UNWANTED.search(value)
        if found is None:
            return None
        return "holds NUL" if found[0] == "\x00" else "holds half a character (a lone surrogate)"
    if isinstance(value, float):
        return None if math.isfinite(value) else "holds a number that is none (NaN or infinite)"
    if isinstance(value, Mapping):
        parts = (part for pair in value.items() for part in pair)
    else:
        parts = (part for part in (value if isinstance(value, list) else ()))
    return next((said for part in parts if (said := unwanted(part)) is not None), None)
