"""Weights of the happiness index, from a YAML file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warum.errors import InputError, UsageError

_KEYS = {"weight", "worst", "best"}


@dataclass(frozen=True)
class IndexWeights:
    """What counts how much.

    Attributes:
        shares: Column to weight, all adding up to 1, none of them 0.
        ends: Column to its worst and best value, where the file names them.
    """

    shares: Mapping[str, float]
    ends: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def read_weights(path: Path) -> IndexWeights:
    """Weights from YAML, a column a line: `nps: 2`, or `hours: {weight: 1, worst: 72, best: 0}`.

    They may stand beneath a key `weights`.

    Raises:
        InputError: If there is no such file or it holds no such lines.
        UsageError: If a weight is negative, none is positive, or ends are no two different numbers.
    """
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{str(path)!r} is no readable YAML file: {error}.") from None
    beneath = content.get("weights") if isinstance(content, dict) else None
    if isinstance(beneath, dict) and _KEYS.isdisjoint(beneath):
        content = beneath
    if not isinstance(content, dict) or not content:
        raise InputError(f"{str(path)!r} holds {content!r}, expected lines like 'nps: 2'.")
    weights: dict[str, Any] = {}
    ends: dict[str, tuple[float, float]] = {}
    for name, said in content.items():
        weights[str(name)] = said
        if isinstance(said, dict):
            weights[str(name)], found = _with_ends(str(name), said)
            if found:
                ends[str(name)] = found
    return IndexWeights(checked_shares(weights), ends)


def checked_shares(weights: Mapping[Any, Any]) -> dict[str, float]:
    """Weights that add up to 1, those of 0 left out.

    Raises:
        UsageError: If a weight is no number, negative or infinite, or none is positive.
    """
    for name, weight in weights.items():
        if not _is_number(weight) or weight < 0:
            raise UsageError(
                f"The weight of {name!r} is {weight!r}: weights are numbers of 0 or more.",
                hint="A score where less is better is turned round by its scale, not by its weight.",
            )
    # Divided first, so that huge weights do not add up to infinity.
    largest = max(weights.values(), default=0)
    if not largest > 0:
        raise UsageError(
            f"All {len(weights)} weights are 0.", hint="Give at least one score a weight above 0."
        )
    scaled = {str(name): weight / largest for name, weight in weights.items() if weight > 0}
    total = math.fsum(scaled.values())
    return {name: weight / total for name, weight in scaled.items()}


def known_scores(shares: Iterable[str], there: Iterable[str]) -> None:
    """Refuse a weight for a column that is no score and no metric.

    Raises:
        UsageError: If so.
    """
    known = sorted(set(there))
    unknown = sorted(set(shares) - set(known))
    if unknown:
        raise UsageError(
            f"There is no score {unknown[0]!r} to weight, there are {', '.join(map(repr, known))}.",
            hint="Name the columns given as --score or --number.",
        )


def _with_ends(name: str, said: Mapping[Any, Any]) -> tuple[Any, tuple[float, float] | None]:
    """The weight of a column, and its ends if they are named."""
    unknown = sorted(str(key) for key in said if key not in _KEYS)
    if unknown or "weight" not in said:
        raise UsageError(
            f"The weight of {name!r} is {dict(said)!r}, expected a number or "
            "{weight: 1, worst: 72, best: 0}."
        )
    if not {"worst", "best"} & set(said):
        return said["weight"], None
    worst: Any = said.get("worst")
    best: Any = said.get("best")
    if not (_is_number(worst) and _is_number(best)) or worst == best:
        raise UsageError(
            f"The ends of {name!r} are {worst!r} (worst) and {best!r} (best), expected two "
            "different numbers."
        )
    return said["weight"], (float(worst), float(best))


def _is_number(value: Any) -> bool:  # noqa: ANN401 - whatever YAML holds
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and math.isfinite(value)
