"""Options as people give them, on the command line or from Python, made into what the readers take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from warum.errors import UsageError
from warum.reading.records import ReadOptions, ScoreOption


def read_options(
    *,
    text: str | Sequence[str] | None = None,
    score: str | Sequence[str] | None = None,
    **columns: Any,  # noqa: ANN401 - the fields of ReadOptions, checked here
) -> ReadOptions:
    """Reading options from loosely typed ones.

    Raises:
        UsageError: If an option is unknown.
    """
    known = {f.name for f in fields(ReadOptions)}
    unknown = sorted(set(columns) - known)
    if unknown:
        raise UsageError(
            f"There is no option {unknown[0]!r}.", hint=f"Known are {', '.join(sorted(known))}."
        )
    for name, parse in (("scale", parse_scale), ("missing", parse_codes)):
        if isinstance(columns.get(name), str):
            columns[name] = parse(columns[name])
    for name in ("number", "by", "missing", "scale"):
        if name in columns and columns[name] is not None:
            columns[name] = tuple(_listed(columns[name]))
    return ReadOptions(
        text=tuple(_listed(text)), score=tuple(parse_score(s) for s in _listed(score)), **columns
    )


def parse_scale(option: str) -> tuple[float, float]:
    """`LOW:HIGH` as two numbers.

    Raises:
        UsageError: If it is of another form or the ends are the wrong way round.
    """
    low, _, high = option.partition(":")
    try:
        ends = float(low.replace(",", ".")), float(high.replace(",", "."))
    except ValueError:
        raise UsageError(f"--scale is {option!r}, expected LOW:HIGH such as 1:5.") from None
    if ends[0] >= ends[1]:
        raise UsageError(
            f"--scale is {option!r}: the first end must be the smaller one.",
            hint="Where small scores are the good ones, add --lower-is-better.",
        )
    return ends


def parse_codes(option: str) -> tuple[float, ...]:
    """`A,B` as numbers.

    Raises:
        UsageError: If one is no number.
    """
    try:
        return tuple(float(part) for part in option.split(","))
    except ValueError:
        raise UsageError(f"--missing is {option!r}, expected numbers such as 6,7.") from None


def parse_score(option: str) -> ScoreOption:
    """`COL:metric` or `COL`; a colon belongs to the column where no metric follows it."""
    column, colon, metric = option.rpartition(":")
    if colon and column and metric.strip() and " " not in metric.strip() and metric.isalpha():
        return ScoreOption(column, metric.strip().lower())
    return ScoreOption(option)


def _listed(value: Any) -> Iterable[Any]:  # noqa: ANN401 - one value or several
    if value is None:
        return ()
    return (value,) if isinstance(value, (str, int, float)) else tuple(value)
