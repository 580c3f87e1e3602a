"""Which column of a file is what, as a form shows it and as a project keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from warum.given_options import parse_codes
from warum_api.projects.forms import PreviewOut

SINGLE = (
    "id", "customer", "date", "question", "source", "channel", "language", "stage", "touchpoint", "weight",
)  # fmt: skip
"""Roles of one column."""
METRICS = ("nps", "csat", "ces", "mean", "rate")
CHOICES = (
    "", "text", "score", *(f"score:{metric}" for metric in METRICS), "customer", "id", "date", "by", "number",
    *(role for role in SINGLE if role not in ("id", "customer", "date")),
)  # fmt: skip
"""What a column can be chosen to be; empty for nothing."""
_NONE = "none"
NEEDED = "text"
"""Without a column of comments there is nothing to read."""


def choices_of(preview: PreviewOut) -> tuple[str, ...]:
    """What a column of this file can be chosen to be: no id nor customer any more once it was analysed."""
    if preview.fixed is None:
        return CHOICES
    return tuple(choice for choice in CHOICES if choice not in ("id", "customer"))


def taken_as(preview: PreviewOut) -> dict[str, str]:
    """Column to what it is taken for; columns that are nothing are left out."""
    found: dict[str, str] = {}
    for seen in preview.taken:
        # A header that is itself the question makes its text column no question column.
        if seen.column not in found:
            found[seen.column] = seen.role
    return found


def columns_of(
    chosen: Mapping[str, str], taken: Mapping[str, str], before: Mapping[str, Any]
) -> dict[str, Any]:
    """What a project keeps of its columns once somebody has chosen.

    Args:
        chosen: Column to one of `CHOICES`.
        taken: See `taken_as`.
        before: What the project has kept; what is not about columns stays.

    Returns:
        Every role that is chosen, by name; `none` for one that was taken and is chosen for no column.
    """
    ours = (*SINGLE, "text", "score", "by", "number")
    kept = {name: said for name, said in before.items() if name not in ours}
    by_role: dict[str, list[str]] = {}
    for column, choice in chosen.items():
        role, _, metric = choice.partition(":")
        if role:
            by_role.setdefault(role, []).append(f"{column}:{metric}" if metric else column)
    for role in ("text", "by"):
        if by_role.get(role):
            kept[role] = by_role[role]
    scores = _with_metric(by_role.get("score", ()), _listed(before.get("score")))
    if scores or "score" in taken.values():
        kept["score"] = scores or [_NONE]
    numbers = _with_metric(by_role.get("number", ()), _listed(before.get("number")))
    if numbers:
        kept["number"] = numbers
    for role in SINGLE:
        if by_role.get(role):
            kept[role] = by_role[role][0]
        elif role in taken.values() or before.get(role) == _NONE:
            kept[role] = _NONE
    return kept


def with_scale(columns: Mapping[str, Any], *, lower: bool, missing: str) -> dict[str, Any]:
    """The columns of a project with what was said of the scale of their scores.

    Args:
        columns: What is kept so far.
        lower: Whether small scores are the good ones.
        missing: Codes that are no score, such as `6, 7`; empty for none.

    Raises:
        UsageError: If a code is no number.
    """
    kept = {n: said for n, said in columns.items() if n not in ("lower_is_better", "missing")}
    if lower:
        kept["lower_is_better"] = True
    if codes := ",".join(missing.replace(";", ",").replace(",", " ").split()):
        parse_codes(codes)
        kept["missing"] = codes
    return kept


def comments_first(columns: Sequence[str], taken: Mapping[str, str]) -> list[int]:
    """The order in which rows are shown: comments and scores first, then as in the file."""
    ranks = {"text": 0, "score": 1}
    return sorted(
        range(len(columns)),
        key=lambda i: ranks.get(taken.get(columns[i], "").partition(":")[0], 2),
    )


def twice(chosen: Mapping[str, str]) -> str | None:
    """A role of one column that was chosen for several; None if there is none."""
    roles = [choice for choice in chosen.values() if choice in SINGLE]
    return next((role for role in roles if roles.count(role) > 1), None)


def _with_metric(chosen: Sequence[str], before: Sequence[str]) -> list[str]:
    """The columns as they are given; where only the column was chosen, with the metric that it had."""
    return [next((said for said in before if said.startswith(f"{one}:")), one) for one in chosen]


def _listed(value: Any) -> list[str]:  # noqa: ANN401 - a text, several, or nothing
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(one) for one in value]
