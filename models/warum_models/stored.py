"""Folders of weights: a `config.json` that names every file with its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
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
    check_files(folder, config["sha256"], "reinstall the package")
    return config


def check_files(folder: Path, hashes: Mapping[str, str], advice: str) -> None:
    """Check every file against its hash.

    Args:
        folder: Where they lie.
        hashes: Name of each file to its SHA-256, in hexadecimal.
        advice: What to do where one is missing or damaged, without a full stop.

    Raises:
        WeightsError: If a file is missing or has another hash.
    """
    for name, expected in hashes.items():
        file = folder / name
        if not file.is_file():
            raise WeightsError(f"{str(file)!r} is missing: {advice}.")
        found = file_hash(file)
        if found != expected:
            raise WeightsError(
                f"{str(file)!r} has the hash {found[:12]}…, expected {expected[:12]}…: the file was changed or is "
                f"damaged; {advice}."
            )


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
