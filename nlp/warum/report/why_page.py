"""The "why" on the page: its sections as the template shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from warum.report.chart_style import NARROW, WIDE, Canvas, to_svg
from warum.report.why_sections import Figure

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in two widths with what it shows in words."""

    wide: Markup
    narrow: Markup
    description: str


def in_two_widths(draw: Callable[[Canvas], alt.Chart], description: str) -> Picture:
    """Draw a chart in both widths.

    Args:
        draw: Draws it at a size.
        description: What it shows in words.
    """
    wide, narrow = (Markup(to_svg(draw(canvas))) for canvas in (WIDE, NARROW))  # noqa: S704 - Vega escapes
    return Picture(wide, narrow, description)


class Pictures:
    """The pictures of all figures of some sections, drawn when the page asks for one."""

    def __getitem__(self, figure: Figure) -> Picture:
        return in_two_widths(figure.draw, figure.description)
