from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.warum.report.worlds import score_result, world
from warum.caveats import Ui
from warum.report.summary import summarise
from warum.report.summary_records import Summary
from warum.report.terminal import clean, print_roll_up, print_summary
from warum.taxonomy import Taxonomy

GOLDEN = Path(__file__).parent / "golden"


def printed(summary: Summary, ui: Ui, width: int = 80) -> str:
    out = io.StringIO()
    print_summary(summary, Console(file=out, width=width, color_system=None), ui)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


@pytest.mark.parametrize(
    ("name", "ui"), [("summary", "en"), ("summary", "de"), ("summary_none", "de")]
)
def test_golden_output(request: pytest.FixtureRequest, name: str, ui: Ui) -> None:
    """To renew: delete the file, run the test once, read what it wrote."""
    text = printed(request.getfixturevalue(name), ui)
    golden = GOLDEN / f"{name}_{ui}.txt"
    if not golden.exists():
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden} was missing and has been written: read it")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("width", [60, 80, 132])
def test_it_fits_the_width(summary_two: Summary, width: int) -> None:
    assert all(cell_len(line) <= width for line in printed(summary_two, "de", width).splitlines())


def test_nothing_from_outside_steers_the_terminal(summary: Summary) -> None:
    text = printed(summary, "en", 132)
    assert "\x1b" not in text
    assert "[bold]line 12[/bold]" in text  # markup is text
    assert clean("a\x1b[31m\u202eb\nc") == "a [31m b c"


def test_colours_only_where_they_are_wanted(summary: Summary) -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, color_system="standard", force_terminal=True)
    print_summary(summary, console, "en")
    assert "\x1b[31m" in out.getvalue()


def test_invented_data_is_said_first(summary: Summary) -> None:
    invented = replace(summary, facts=replace(summary.facts, invented=True))
    assert printed(invented, "en").startswith("Invented example data.")


def test_many_drivers_and_none(cx: Taxonomy) -> None:
    score = score_result()
    many = replace(score, drivers=score.drivers[:1] * 14)
    assert "… and 4 more in the report" in printed(summarise(world(many), cx), "en")
    none = replace(score, drivers=(), drivers_with_general=())
    assert "No reasons are shown here." in printed(summarise(world(none), cx), "en")


def test_roll_ups(summary: Summary) -> None:
    out = io.StringIO()
    print_roll_up(summary, "parent", Console(file=out, width=80, color_system=None), "de")
    assert "Nach Oberthema" in out.getvalue()
    assert "Service" in out.getvalue()
