"""The views of results put together."""

from __future__ import annotations

from fastapi import APIRouter

from warum_api.pages.comments import comment_views
from warum_api.pages.correcting import correcting_views
from warum_api.pages.downloads import download_views
from warum_api.pages.drawing import Drawing
from warum_api.pages.overview import overview_views
from warum_api.pages.reasons import Reasons
from warum_api.projects.keeping import Keeping
from warum_api.results.shelf import Shelf
from warum_api.storing.database import Database
from warum_api.working.submitting import Jobs


def result_views(
    shelf: Shelf, keeping: Keeping, jobs: Jobs, database: Database
) -> tuple[APIRouter, ...]:
    """Overview, comments, corrections and files.

    Args:
        shelf: Has the results.
        keeping: Knows the projects.
        jobs: Takes further questions.
        database: Keeps corrections.
    """
    reasons = Reasons(shelf)
    drawing = Drawing(shelf, reasons)
    return (
        overview_views(reasons, drawing, keeping, jobs),
        download_views(reasons),
        comment_views(shelf, reasons, drawing, keeping),
        correcting_views(shelf, reasons, keeping, database),
    )
