"""`why.json` read back: the answer as it was, to show it again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from warum.answers.why import Why
from warum.report.why_export import FORMAT, NOT_STORED


def read_why(text: str) -> Why:
    """The answer that `why_json` wrote.

    Args:
        text: Content of `why.json`.

    Raises:
        ValueError: If it is no such file, of another format, or does not hold what it should.
    """
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"no why.json of format {FORMAT}")
    try:
        known = _known(data["why"], Why)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"why.json lacks something: {error}") from None
    return TypeAdapter(Why).validate_python(known)


def _known(value: Any, kind: Any) -> Any:  # noqa: ANN401 - whatever JSON and annotations hold
    """The value with NaN where the format wrote null for a number."""
    origin, arms = get_origin(kind), get_args(kind)
    if kind is float:
        return math.nan if value is None else value
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {
            one.name: _known(value[one.name], hints[one.name])
            for one in fields(kind)
            if one.init and one.name not in NOT_STORED
        }
    if origin in (Union, UnionType):
        return _of_union(value, arms)
    if origin is tuple:
        listed = arms[:1] * len(value) if arms[-1] is Ellipsis else arms
        return tuple(_known(one, of) for one, of in zip(value, listed, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _known(one, arms[1]) for key, one in value.items()}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return [_known(one, arms[0]) for one in value]
    return value


def _of_union(value: Any, arms: Sequence[Any]) -> Any:  # noqa: ANN401 - see _known
    """The value as the one arm that is not None; of plain ones as it is."""
    if value is None and NoneType in arms:
        return None
    real = [arm for arm in arms if arm is not NoneType and get_origin(arm) is not Literal]
    return _known(value, real[0]) if len(real) == 1 else value
