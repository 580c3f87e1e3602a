"""Records with some fields filled anew: what `dataclasses.replace` does, in half the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

_Record = TypeVar("_Record")


def filler(kind: type[_Record], *names: str) -> Callable[..., _Record]:
    """A function that gives a record with these fields filled anew.

    Which fields a dataclass has is looked up once and not for every record: a stage fills one record
    per comment.

    Args:
        kind: A dataclass all of whose fields are arguments of its constructor, in their order.
        *names: Fields that the function fills.

    Returns:
        A function of a record and one value per name; the record itself is not changed, and the new
        one checks itself as every new one does.

    Raises:
        ValueError: If the class has no such field.
        TypeError: If a field is no positional argument of the constructor.

    Examples:
        >>> from warum.records import Segment
        >>> filler(Segment, "end")(Segment(0, 4), 9)
        Segment(start=0, end=9)
    """
    known: dict[str, int] = {}
    for place, field in enumerate(fields(kind)):  # type: ignore[arg-type] # any dataclass
        if not field.init or field.kw_only:
            raise TypeError(
                f"{kind.__name__}.{field.name} is no positional argument: use dataclasses.replace"
            )
        known[field.name] = place
    for name in names:
        if name not in known:
            raise ValueError(f"{kind.__name__} has no field {name!r}, expected one of {[*known]}")
    places = [known[name] for name in names]
    values_of = attrgetter(*known)

    def fill(record: _Record, *values: Any) -> _Record:  # noqa: ANN401 - of the fields' types
        arguments = list(values_of(record))
        for place, value in zip(places, values, strict=True):
            arguments[place] = value
        return kind(*arguments)

    return fill
