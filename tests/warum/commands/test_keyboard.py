"""Keys from a real pseudo-terminal: none is lost, and the terminal is left as it was."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator

import click
import pytest

from warum.commands.keyboard import Keys, keyboard

pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """The side that a person types into, and the side that the program reads as its standard input."""
    person, program = pty.openpty()
    with os.fdopen(program, "r", closefd=False) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        yield person, program
    os.close(program)
    os.close(person)


def test_what_is_typed_ahead_is_not_lost(terminal: tuple[int, int]) -> None:
    person, _ = terminal
    with keyboard() as next_key:
        os.write(person, b"wa")
        assert next_key() == "w"
        os.write(person, b"it-\r")  # typed while the screen is still being drawn
        assert [next_key() for _ in range(5)] == ["a", "i", "t", "-", "\n"]


def test_letters_beyond_ascii_and_arrows_are_whole(terminal: tuple[int, int]) -> None:
    person, _ = terminal
    with keyboard() as next_key:
        os.write(person, "ü\x1b[B\x1b[B\x1bOA\x1b[6~\x15é".encode())
        typed = [next_key() for _ in range(7)]
    assert typed == ["ü", "\x1b[B", "\x1b[B", "\x1bOA", "\x1b[6~", "\x15", "é"]


def test_parts_of_a_key_that_come_one_by_one_are_put_together() -> None:
    read, write = os.pipe()
    keys = Keys(read)
    os.write(write, "x\xfc".encode()[:2])
    assert keys.next() == "x"
    os.write(write, "\xfc".encode()[1:] + b"\x1b[")
    assert keys.next() == "\xfc"
    os.write(write, b"A")
    assert keys.next() == "\x1b[A"
    os.close(write)
    with pytest.raises(EOFError):
        keys.next()
    os.close(read)


def test_escape_alone_is_escape_and_so_is_each_of_two(terminal: tuple[int, int]) -> None:
    person, _ = terminal
    with keyboard() as next_key:
        os.write(person, b"\x1b")
        assert next_key() == "\x1b"
        os.write(person, b"\x1b\x1b")
        assert [next_key(), next_key()] == ["\x1b", "\x1b"]


def test_stopping_leaves_the_terminal_as_it_was(terminal: tuple[int, int]) -> None:
    person, program = terminal
    before = termios.tcgetattr(program)
    with keyboard() as next_key:
        assert termios.tcgetattr(program) != before
        os.write(person, b"\x03\x04")
        with pytest.raises(KeyboardInterrupt):
            next_key()
        with pytest.raises(EOFError):
            next_key()
    assert termios.tcgetattr(program) == before


def test_without_a_terminal_the_console_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(click, "getchar", lambda: "x")
    with keyboard() as next_key:
        assert next_key() == "x"
