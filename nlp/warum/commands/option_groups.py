"""Options in groups: a command takes a group as one argument, the command line its fields one by one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, get_type_hints

from warum import options
from warum.commands.console import cores
from warum.given_options import read_options
from warum.reading.records import ReadOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column is what, and how files are read; the names of `ReadOptions`."""

    text: options.Text = None
    question: options.Question = None
    score: options.Score = None
    metric: options.Metric = None
    scale: options.Scale = None
    lower_is_better: options.LowerIsBetter = False
    missing: options.Missing = None
    number: options.Number = None
    weight: options.Weight = None
    id_: options.Id = None
    customer: options.Customer = None
    date: options.Date = None
    date_format: options.DateFormat = None
    by: options.By = None
    stage: options.Stage = None
    touchpoint: options.Touchpoint = None
    source: options.Source = None
    channel: options.Channel = None
    language: options.Language = None
    join: options.Join = None
    on: options.On = None
    join_agg: options.JoinAgg = None
    encoding: options.Encoding = None
    sheet: options.Sheet = None

    def read_options(self, **bounds: str | None) -> ReadOptions:
        """The options as the readers take them.

        Args:
            **bounds: `since` and `until`, where they decide what is read.
        """
        given = {one.name.rstrip("_"): getattr(self, one.name) for one in fields(self)} | bounds
        return read_options(**{name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class HowRead:
    """With what comments are read and what is shown; the names of `AnalyzeOptions`."""

    satisfied_from: options.SatisfiedFrom = None
    taxonomy: options.Taxonomy = None
    model: options.Model = None
    min_group: options.MinGroup = None
    keep_pii: options.KeepPii = False
    workers: options.Workers = None

    def given(self) -> dict[str, Any]:
        """The options by name, for `AnalyzeOptions`."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return values | {"workers": cores() if self.workers is None else self.workers}


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose groups are taken apart for the command line.

    Args:
        command: Each of its parameters that is annotated with a dataclass becomes that class's fields,
            keyword by keyword; the others stay.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if is_dataclass(kind)}
    shown: dict[str, Parameter] = {}
    for name, parameter in signature(command).parameters.items():
        taken = groups.get(name)
        parts = (
            _parameters(taken) if taken else [parameter.replace(annotation=hints.get(name, Path))]
        )
        shown |= {part.name: part for part in parts}

    @functools.wraps(command)
    def expanded(**given: Any) -> None:  # noqa: ANN401 - whatever the fields hold
        made = {
            name: kind(**{one.name: given.pop(one.name) for one in fields(kind)})
            for name, kind in groups.items()
        }
        command(**given, **made)

    told: Any = expanded
    told.__signature__ = signature(command).replace(parameters=list(shown.values()))
    told.__annotations__ = {name: part.annotation for name, part in shown.items()} | {
        "return": None
    }
    return expanded


def _parameters(group: Any) -> list[Parameter]:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(group, include_extras=True)
    return [
        Parameter(
            one.name,
            Parameter.KEYWORD_ONLY,
            default=_default(one),
            annotation=hints[one.name],
        )
        for one in fields(group)
    ]


def _default(one: Field[Any]) -> Any:  # noqa: ANN401 - whatever the field holds
    return Parameter.empty if one.default is MISSING else one.default
