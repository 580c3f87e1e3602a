"""What takes long to make is kept while nothing it was made from has changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

Made = TypeVar("Made")


class Key(NamedTuple):
    """What something was made from.

    Attributes:
        tenant: Whose.
        path: Folder of the result.
        files: Changes with every change of its files, such as an erasure.
        rest: Everything else that decides.
    """

    tenant: str
    path: str
    files: str
    rest: str


class Remembered(Generic[Made]):
    """What was made lately; the one not asked for longest goes first.

    Args:
        most: How many stay.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._making: dict[Key, Lock] = {}
        self._one = Lock()

    def get(self, key: Key, make: Callable[[], Made]) -> Made:
        """What was made, or is made now; who asks for the same meanwhile waits, others do not."""
        with self._one:
            self._forget_erased(key)
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            waiting = self._making.setdefault(key, Lock())
        with waiting:
            with self._one:
                if key in self._kept:
                    return self._kept[key]
            try:
                made = make()
                with self._one:
                    self._kept[key] = made
                    while len(self._kept) > self._most:
                        self._kept.popitem(last=False)
            finally:
                with self._one:
                    self._making.pop(key, None)
        return made

    def _forget_erased(self, key: Key) -> None:
        """What was erased from the files since does not stay in memory."""
        for old in [k for k in self._kept if k[:2] == key[:2] and k.files != key.files]:
            del self._kept[old]
