"""Everything that `warum` refuses, as exceptions with a hint of what to do."""

from __future__ import annotations

from typing import ClassVar


class WarumError(Exception):
    """What came, what was expected and what to do.

    Attributes:
        message: One sentence: what came and what was expected.
        hint: What to do next; may be empty.
        exit_code: The status the command line ends with.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint


class UsageError(WarumError):
    """Options contradict each other or hold a value that cannot be meant."""

    exit_code: ClassVar[int] = 2


class InputError(WarumError):
    """A file cannot be read: missing, empty, no text, of an unknown or broken format."""

    exit_code: ClassVar[int] = 3


class ColumnError(WarumError):
    """A column is unknown or in doubt; the hint names the candidates."""

    exit_code: ClassVar[int] = 4


class OutputError(WarumError):
    """The result cannot be written; an earlier result is left whole."""

    exit_code: ClassVar[int] = 5


class ModelError(WarumError):
    """A model or taxonomy is unknown, incomplete or does not match its hash."""

    exit_code: ClassVar[int] = 6
