"""Text cells that a spreadsheet would take for formulas."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet runs."""


def defuse(cell: str) -> str:
    """A text cell that no spreadsheet takes for a formula.

    Args:
        cell: Text; never a number, whose minus sign must stay.

    Returns:
        The text with an apostrophe in front if it begins like a formula, else unchanged.
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def undefused(cell: str) -> str:
    """The cell as it was before `defuse`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
