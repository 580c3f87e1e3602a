"""Folders of weights: a `config.json` that names every file with its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from warum_models.errors import WeightsError

WEIGHTS = Path(__file__).parent / "weights"
_ADVICE = "reinstall the package"


def read_config(folder: Path) -> dict[str, Any]:
    """The content of `config.json`, after every file it names was checked against its hash.

    Raises:
        WeightsError: If the folder or a file is missing, or a file has another hash.
    """
    config = _parsed(folder)
    check_files(folder, config["sha256"], _ADVICE)
    return config


def check_some(folder: Path, names: Sequence[str]) -> None:
    """Check some of the files that the `config.json` of a folder names, for weights that borrow them.

    Args:
        folder: Where they lie.
        names: Which.

    Raises:
        WeightsError: If the folder or one of them is missing, or has another hash.
    """
    hashes = _parsed(folder)["sha256"]
    check_files(folder, {name: hashes.get(name, "") for name in names}, _ADVICE)


def _parsed(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise WeightsError(f"There are no weights in {str(folder)!r}: {_ADVICE}.")
    try:
        config: dict[str, Any] = json.loads(path.read_text("utf-8"))
        _ = config["sha256"].items()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WeightsError(f"{str(path)!r} is damaged ({error}): {_ADVICE}.") from None
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
