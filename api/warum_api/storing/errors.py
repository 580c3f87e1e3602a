"""What storage refuses."""

from __future__ import annotations

from typing import ClassVar

from warum.errors import WarumError


class StorageError(WarumError):
    """The database or the files cannot be used as they are set up."""

    exit_code: ClassVar[int] = 5


class NoFileError(WarumError):
    """There is no such file."""


class ConflictError(WarumError):
    """What is asked for contradicts what is stored."""
