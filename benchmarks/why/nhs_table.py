"""Estimates from a model's labels beside those from human labels, in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warum.records import Estimate


@dataclass(frozen=True, slots=True)
class Cell:
    """An estimate of one label's effect beside the one from all human labels of the half.

    Attributes:
        way: "as read", or "corrected" with the number of labels behind it.
        run: Half and draw.
        human: From all human labels.
        finding: Whether that one is significant (q of at most 0.05 over the labels).
        value: The estimate; its interval may be NaN.
        alone: From the audited labels alone; None where there is no audit.
    """

    way: str
    run: tuple[int, int]
    human: Estimate
    finding: bool
    value: Estimate
    alone: Estimate | None = None


HEAD = (
    "| | labels estimated | rank correlation | findings with the other sign | of these significantly so "
    "| human coefficient inside | median width / labels alone |"
)


def table(found: Sequence[Cell]) -> str:
    """Markdown: one row per way."""
    lines = [HEAD, "|---|---|---|---|---|---|---|"]
    ways = dict.fromkeys(cell.way for cell in found)
    lines += [_line(way, [cell for cell in found if cell.way == way]) for way in ways]
    return "\n".join(lines)


def _line(way: str, held: Sequence[Cell]) -> str:
    runs: dict[tuple[int, int], list[Cell]] = {}
    for cell in held:
        runs.setdefault(cell.run, []).append(cell)
    ranks = [_rank_correlation(cells_) for cells_ in runs.values() if len(cells_) > 2]
    findings = [cell for cell in held if cell.finding]
    flipped = [cell for cell in findings if cell.human.value * cell.value.value < 0]
    surely = [cell for cell in flipped if cell.value.low * cell.value.high > 0]
    inside = np.mean([c.value.low <= c.human.value <= c.value.high for c in held])
    width = [_width(c.value) / _width(c.alone) for c in held if c.alone is not None]
    return (
        f"| {way} | {len(held) / len(runs):.1f} | {np.mean(ranks):.2f} "
        f"| {len(flipped)} of {len(findings)} | {len(surely)} | {inside:.1%} "
        f"| {f'{np.median(width):.2f}' if width else '–'} |"
    )


def _rank_correlation(held: Sequence[Cell]) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr([c.human.value for c in held], [c.value.value for c in held]).statistic)


def _width(estimate: Estimate) -> float:
    return estimate.high - estimate.low
