"""How every picture looks, and how a specification becomes a static SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warum.caveats import Ui
from warum.report.numbers import MINUS

if TYPE_CHECKING:
    import altair

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

INK = "#1b2530"
MUTED = "#56616d"
GRID = "#dfe4e9"
BETTER = "#1f6aa5"
WORSE = "#b8470f"
NEUTRAL = "#8d98a4"
BAND = "#c9dcec"
PAPER = "#ffffff"

DARK: dict[str, str] = {
    INK: "#e8edf2",
    MUTED: "#a9b4bf",
    GRID: "#333d48",
    BETTER: "#6fb4ea",
    WORSE: "#f2915a",
    NEUTRAL: "#7f8b98",
    BAND: "#27445c",
    PAPER: "#151b22",
}
"""Colour on light paper to colour on dark paper; a page swaps them by CSS."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """The size of a picture.

    Attributes:
        width: Whole width in pixels, margins included.
        row: Height of one row of a picture that has rows, in pixels.
        label: Room for row labels at the left, in pixels; 0 puts them above their row.
    """

    width: int
    row: int
    label: int

    @property
    def labels_above(self) -> bool:
        """Whether a row's label stands above it."""
        return self.label == 0


WIDE = Canvas(width=760, row=32, label=270)
NARROW = Canvas(width=328, row=46, label=0)


def tick_label(ui: Ui, *, absolute: bool = False, suffix: str = "") -> str:
    """A Vega expression that writes an axis number as `ui` reads it.

    Args:
        ui: Language.
        absolute: Whether the sign is dropped.
        suffix: Text behind the number.
    """
    value = "abs(datum.value)" if absolute else "datum.value"
    text = f"replace(format({value}, ',.10~f'), '-', '{MINUS}')"
    if ui == "de":  # the comma of thousands becomes a point, the decimal point a comma
        for old, new in (("/,/g", "'§'"), ("'.'", "','"), ("/§/g", "'.'")):
            text = f"replace({text}, {old}, {new})"
    return f"{text} + '{suffix}'" if suffix else text


def styled(chart: altair.LayerChart | altair.Chart, canvas: Canvas) -> altair.Chart:
    """The chart with the house's type, colours and margins.

    Args:
        chart: Marks and encodings.
        canvas: Its size.
    """
    axis: dict[str, Any] = {
        "labelFont": FONT,
        "labelFontSize": 13,
        "labelColor": MUTED,
        "titleFont": FONT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": MUTED,
        "titlePadding": 8,
        "domain": False,
        "ticks": False,
        "gridColor": GRID,
        "labelPadding": 6,
    }
    return (
        chart.configure(background=None, aria=False, font=FONT, padding=2)
        .configure_view(stroke=None)
        .configure_axis(**axis)
        .properties(autosize={"type": "fit-x", "contains": "padding"}, width=canvas.width)
    )


def to_svg(chart: altair.Chart) -> str:
    """Draw a chart as a static SVG: no script, no style sheet, nothing fetched.

    Args:
        chart: A finished chart.
    """
    import altair
    import vl_convert

    # The reader's own Altair theme or data transformer must not change the report.
    with altair.theme.enable("none"), altair.data_transformers.enable("default"):
        spec = chart.to_dict()
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def swap_colours(selector: str) -> str:
    """CSS rules that show the pictures inside `selector` in their dark colours."""
    return "\n".join(
        f'{selector} svg [{part}="{light}"]{{{part}:{dark}}}'
        for light, dark in DARK.items()
        for part in ("fill", "stroke")
    )
