"""The columns of an analysis under the names that the files came with, and those that nothing was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from warum.reading.records import ReadOptions
from warum.reading.roles import is_invented
from warum.result import ColumnUse

MADE = "made by the service"


def as_they_came(
    columns: Sequence[ColumnUse], named: Sequence[Mapping[str, str]], options: ReadOptions
) -> tuple[ColumnUse, ...]:
    """What was told of the columns, with the files' own names of ids and customers.

    Args:
        columns: As the analysis tells it.
        named: Of each file, our names to its own.
        options: What is said of the columns of the project.
    """
    return tuple(_as_it_came(use, named, options) for use in columns)


def unused(columns: Sequence[ColumnUse], further: Sequence[str]) -> list[str]:
    """The columns of the files that are nothing, in their order.

    Args:
        columns: As the analysis tells it.
        further: All columns but those of ids and customers.
    """
    used = {use.column for use in columns}
    return [name for name in further if name not in used and not is_invented(name)]


def _as_it_came(
    use: ColumnUse, named: Sequence[Mapping[str, str]], options: ReadOptions
) -> ColumnUse:
    ours = f"warum_{use.role}"
    if use.role not in ("id", "customer") or use.column != ours:
        return use
    names = list(dict.fromkeys(one[ours] for one in named if ours in one))
    if not names:
        return replace(use, column="", how=MADE, given=False)
    given = getattr(options, use.role) in names
    return replace(use, column=", ".join(names), how="given" if given else "header", given=given)
