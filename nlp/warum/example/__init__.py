"""The bundled example: an invented transport-and-shop company, its comments, scores and what is planted in them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from warum.errors import OutputError

FILES = ("feedback.csv", "opinions_gold.csv", "truth.md")


def example_path(name: str = "feedback.csv") -> Path:
    """Where a file of the example lies in the installed package."""
    return Path(str(files("warum.example") / name))


def copy_example(folder: Path) -> Path:
    """Copy the example to a folder and return the path of its comments.

    Raises:
        OutputError: If it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (folder / name).write_bytes(example_path(name).read_bytes())
    except OSError as error:
        raise OutputError(f"The example cannot be copied to {str(folder)!r}: {error}.") from None
    return folder / FILES[0]
