"""How every picture looks, and how a specification becomes a static SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warum.caveats import Ui
from warum.report.numbers import MINUS

if TYPE_CHECKING:
    import altair as alt

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


Row = dict[str, Any]
"""A row of a chart's data."""

_PIXELS_PER_LETTER = 7.6


@dataclass(frozen=True, slots=True)
class Canvas:
    """The size of a picture.

    Attributes:
        width: Whole width in pixels, margins included.
        row: Height of one row of a picture that has rows, in pixels.
        label: Most room for row labels at the left, in pixels; 0 puts them above their row.
        right: Room for a number at the right of each row, in pixels.
    """

    width: int
    row: int
    label: int
    right: int

    @property
    def labels_above(self) -> bool:
        """Whether a row's label stands above it."""
        return self.label == 0

    def label_room(self, names: Sequence[str]) -> int:
        """Pixels that the longest of the row labels needs, in the widest of the usual fonts."""
        longest = max(map(len, names), default=0)
        return min(self.label, int(_PIXELS_PER_LETTER * longest) + 20)


WIDE = Canvas(width=760, row=32, label=280, right=64)
NARROW = Canvas(width=328, row=46, label=0, right=2)


def named_apart(rows: list[Row]) -> list[Row]:
    """The rows with names that differ (by an unseen tail): equal ones would share a line."""
    seen: dict[str, int] = {}
    named = []
    for row in rows:
        times = seen[row["name"]] = seen.get(row["name"], 0) + 1
        named.append({**row, "name": row["name"] + "\N{ZERO WIDTH SPACE}" * (times - 1)})
    return named


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


def styled(chart: alt.LayerChart | alt.Chart, canvas: Canvas, *, right: int = 2) -> alt.Chart:
    """The chart with the house's type, colours and margins.

    Args:
        chart: Marks and encodings.
        canvas: Its size.
        right: Margin at the right in pixels.
    """
    padding = {"left": 2, "top": 2, "right": right, "bottom": 2}
    axis: dict[str, Any] = {
        "aria": False,
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
        chart.configure(background="transparent", font=FONT, padding=padding)
        .configure_mark(aria=False)  # the page describes the whole picture
        .configure_view(stroke=None)
        .configure_axis(**axis)
        .properties(autosize={"type": "fit-x", "contains": "padding"}, width=canvas.width)
    )


def drawn(draw: Callable[[Canvas], alt.Chart], canvas: Canvas) -> str:
    """A picture as a static SVG at a size, in two thirds of the time.

    The specifications are our own: tests check them against the schema, not every page.
    """
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        return to_svg(draw(canvas), check=False)


def to_svg(chart: alt.Chart, *, check: bool = True) -> str:
    """Draw a chart as a static SVG: no script, no style sheet, nothing fetched.

    Args:
        chart: A finished chart.
        check: Whether it is checked against Vega's schema.
    """
    import altair as alt
    import vl_convert

    # The reader's own Altair theme or data transformer must not change the report.
    with alt.theme.enable("none"), alt.data_transformers.enable("default"):
        spec = chart.to_dict(validate=check)
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def swap_colours(selector: str) -> str:
    """CSS rules that show the pictures inside `selector` in their dark colours."""
    return "\n".join(
        f'{selector} svg [{part}="{light}"]{{{part}:{dark}}}'
        for light, dark in DARK.items()
        for part in ("fill", "stroke")
    )
