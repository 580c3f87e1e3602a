"""The parts of this room put together."""

from __future__ import annotations

from dataclasses import dataclass

from warum_api.auditing.drawing import Drawing
from warum_api.auditing.gathering import Sheets
from warum_api.auditing.labelling import Labelling
from warum_api.auditing.planning import Planner
from warum_api.results.shelf import Shelf
from warum_api.storing.database import Database
from warum_api.storing.files import Files


@dataclass(frozen=True)
class Auditing:
    """What a tenant may do with audits.

    Attributes:
        drawing: Draw, list, forget.
        labelling: Label and compare.
        planner: Plan.
    """

    drawing: Drawing
    labelling: Labelling
    planner: Planner


def auditing_of(database: Database, files: Files, shelf: Shelf) -> Auditing:
    """The room.

    Args:
        database: Where draws and labels are kept.
        files: Where what was drawn from is kept.
        shelf: Has the results.
    """
    drawing = Drawing(database, files, shelf)
    planner = Planner(shelf, Sheets(database, files, shelf))
    return Auditing(drawing, Labelling(database, shelf), planner)
