"""Labels that people gave: from the files that hold them to texts with their categories and polarities."""

from __future__ import annotations

from warum.gold.reading import read_gold
from warum.gold.records import GoldLabels, GoldOptions, GoldText, Problem

__all__ = ["GoldLabels", "GoldOptions", "GoldText", "Problem", "read_gold"]
