"""The "why" on the page: its sections as the template shows them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup

from warum.report.chart_style import NARROW, WIDE, Canvas, drawn
from warum.report.why_sections import Figure

if TYPE_CHECKING:
    import altair as alt


class Picture:
    """A chart in two widths with what it shows in words; drawn when a page shows it.

    Args:
        draw: Draws it at a size.
        description: What it shows in words.
    """

    def __init__(self, draw: Callable[[Canvas], alt.Chart], description: str) -> None:
        self._draw, self.description = draw, description

    @cached_property
    def wide(self) -> Markup:
        """The picture for a desk."""
        return self._drawn(WIDE)

    @cached_property
    def narrow(self) -> Markup:
        """The picture for a phone."""
        return self._drawn(NARROW)

    def _drawn(self, canvas: Canvas) -> Markup:
        return Markup(drawn(self._draw, canvas))  # noqa: S704 - Vega escapes


class Pictures:
    """The pictures of all figures of some sections, drawn when the page asks for one."""

    def __getitem__(self, figure: Figure) -> Picture:
        return Picture(figure.draw, figure.description)
