"""Keys from a terminal, one by one and in their order; who types ahead of the screen loses none.

click reads a key at a time and throws away what was typed since the last one: between two keys of a
category's name one would be lost, and another category chosen. So the terminal stays in one mode as
long as a person labels.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STEERING = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O[ -~]|[^\[O\x1b])")
_MORE_COMES_WITHIN = 0.05  # seconds: Esc alone, or the beginning of an arrow?
_AT_ONCE = 1024
_STOP, _END = "\x03", "\x04"


@contextmanager
def keyboard() -> Iterator[Callable[[], str]]:
    """Give a function that waits for the next key, as the terminal sends it.

    The function raises KeyboardInterrupt on Ctrl-C and EOFError where nothing more can come.
    """
    try:
        import termios
    except ImportError:  # Windows, whose console keeps what is typed ahead
        yield _from_console
        return
    number = _terminal()
    if number is None:
        yield _from_console
        return
    before = termios.tcgetattr(number)
    silent = termios.tcgetattr(number)
    silent[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
    silent[6][termios.VMIN], silent[6][termios.VTIME] = 1, 0
    termios.tcsetattr(number, termios.TCSADRAIN, silent)
    try:
        yield Keys(number).next
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


class Keys:
    """Takes apart what a terminal sends at once.

    Args:
        number: File descriptor of the terminal.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting = ""

    def next(self) -> str:
        """Wait for a key: a character, or the whole sequence of an arrow or the like.

        Raises:
            KeyboardInterrupt: On Ctrl-C.
            EOFError: On Ctrl-D, or where the terminal has gone.
        """
        while not self._waiting:
            self._read()
        if self._waiting[0] == "\x1b":
            while not _STEERING.match(self._waiting) and self._more_comes():
                self._read()
        found = _STEERING.match(self._waiting)
        key = found[0] if found else self._waiting[0]
        self._waiting = self._waiting[len(key) :]
        if key == _STOP:
            raise KeyboardInterrupt
        if key == _END:
            raise EOFError
        return key

    def _read(self) -> None:
        try:
            came = os.read(self._number, _AT_ONCE)
        except OSError:  # a terminal whose window was closed
            came = b""
        if not came:
            raise EOFError
        self._waiting += self._decoder.decode(came)

    def _more_comes(self) -> bool:
        import select

        return bool(select.select([self._number], [], [], _MORE_COMES_WITHIN)[0])


def _terminal() -> int | None:
    """File descriptor of the terminal that standard input is, None if it is none."""
    try:
        number = sys.stdin.fileno()
    except (OSError, ValueError):
        return None
    return number if os.isatty(number) else None


def _from_console() -> str:
    import click

    return click.getchar()
