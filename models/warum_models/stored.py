"""Folders of weights: a `config.json` that names every file with its hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from warum_models.errors import WeightsError

WEIGHTS = Path(__file__).parent / "weights"


def read_config(folder: Path) -> dict[str, Any]:
    """The content of `config.json`, after every file it names was checked against its hash.

    Raises:
        WeightsError: If the folder or a file is missing, or a file has another hash.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise WeightsError(f"There are no weights in {str(folder)!r}: reinstall the package.")
    config: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for name, expected in config["sha256"].items():
        file = folder / name
        if not file.is_file():
            raise WeightsError(f"{str(file)!r} is missing: reinstall the package.")
        found = file_hash(file)
        if found != expected:
            raise WeightsError(
                f"{str(file)!r} has the hash {found[:12]}…, expected {expected[:12]}…: the file is "
                "damaged, reinstall the package."
            )
    return config


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
