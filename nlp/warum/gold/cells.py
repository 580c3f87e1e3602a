"""What a cell says: categories by code or title, polarities in words or signs, lists of both."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass

from warum.gold.records import Judgement
from warum.taxonomy import Taxonomy

_NEGATIVE = "negative negativ neg n minus - − bad schlecht kritik criticism blame complaint"
_NEUTRAL = "neutral neu ntr o mittel"
_POSITIVE = "positive positiv pos p plus + good gut lob praise"
_MIXED = "mixed gemischt both beides conflict"
_SIDES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_NEGATIVE.split(), ("negative",)),
    **dict.fromkeys(_NEUTRAL.split(), ("neutral",)),
    **dict.fromkeys(_POSITIVE.split(), ("positive",)),
    **dict.fromkeys(_MIXED.split(), ("negative", "positive")),
}
_NUMBER = re.compile(r"[-−+]?[012](?:[.,]0+)?")
_NOTHING = frozenset(
    ["", "none", "keine", "kein", "nothing", "no label", "no category", "null", "nan", "n/a", "[]"]
)
_NOT_WORD = re.compile(r"[\W_]+")
_BETWEEN = re.compile(r"[;|\n]")
EXPECTED_POLARITY = "expected negative, neutral, positive, mixed, or -1, 0, 1"


class UnreadableCellError(ValueError):
    """A cell that says nothing known.

    Attributes:
        code: `unknown_category`, `unknown_polarity` or `unknown_value`.
        value: The part of the cell that is unknown.
        column: Where the cell stands; empty where the caller knows.
    """

    def __init__(self, code: str, value: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.value = value
        self.column = ""


def is_nothing(cell: str | None) -> bool:
    """Whether a cell says that there is no label."""
    return cell is None or cell.strip().casefold() in _NOTHING


def read_polarity(cell: str | None) -> tuple[str | None, ...]:
    """The polarities that a cell names: one, two for "mixed", (None,) for an empty cell.

    Raises:
        UnreadableCellError: If it names none that is known.
    """
    if is_nothing(cell):
        return (None,)
    text = (cell or "").strip().casefold()
    if text in _SIDES:
        return _SIDES[text]
    if _NUMBER.fullmatch(text):
        value = float(text.replace("−", "-").replace(",", "."))
        return ("negative" if value < 0 else "positive" if value > 0 else "neutral",)
    raise UnreadableCellError(
        "unknown_polarity",
        text,
        f"{(cell or '').strip()[:60]!r} is no polarity; {EXPECTED_POLARITY}.",
    )


def _folded(name: str) -> str:
    return _NOT_WORD.sub(" ", name.casefold()).strip()


@dataclass(frozen=True)
class Names:
    """The names of a taxonomy's categories: codes, and titles that only one category has.

    Attributes:
        codes: Folded name to code.
        taxonomy: Name of the taxonomy, for messages.
    """

    codes: dict[str, str]
    taxonomy: str

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> Names:
        """The names in a taxonomy."""
        titles: dict[str, set[str]] = {}
        for category in taxonomy.categories:
            for title in category.title.values():
                titles.setdefault(_folded(title), set()).add(category.code)
        names = {title: codes.pop() for title, codes in titles.items() if len(codes) == 1}
        names |= {_folded(code): code for code in taxonomy.codes}
        return cls(names, taxonomy.name)

    def find(self, name: str) -> str | None:
        """The code that a name stands for, None if none."""
        return self.codes.get(_folded(name))

    def read(self, name: str) -> str:
        """The code that a name stands for.

        Raises:
            UnreadableCellError: If it stands for none.
        """
        code = self.find(name)
        if code is not None:
            return code
        near = difflib.get_close_matches(_folded(name), list(self.codes), n=2, cutoff=0.6)
        meant = " or ".join(repr(self.codes[n]) for n in near)
        raise UnreadableCellError(
            "unknown_category",
            name.strip(),
            f"{name.strip()[:60]!r} is no category of {self.taxonomy!r}"
            + (f"; did you mean {meant}?" if near else "; `warum taxonomy show` lists them."),
        )

    def read_list(self, cell: str | None) -> set[Judgement]:
        """The judgements in a list: JSON, or names with ; | or comma between, each perhaps with `:polarity`.

        Raises:
            UnreadableCellError: If a part is unknown.
        """
        if is_nothing(cell):
            return set()
        text = (cell or "").strip()
        found: set[Judgement] = set()
        for item in self._items(text):
            if isinstance(item, dict):
                sides = read_polarity(str(item.get("polarity") or ""))
                name = str(item.get("category") or item.get("code") or item.get("label") or "")
            else:
                name, sides = self._suffixed(str(item))
            code = self.read(name)
            found |= {(code, side) for side in sides}
        return found

    def _items(self, text: str) -> list[object]:
        if text[0] in "[{":
            try:
                items = json.loads(text)
            except ValueError:
                items = [part.strip(" '\"") for part in text.strip("[]").split(",")]
            if isinstance(items, dict):
                return [{"category": name, "polarity": side} for name, side in items.items()]
            return [item for item in items if not is_nothing(str(item))]
        parts = [part.strip() for part in _BETWEEN.split(text)]
        if len(parts) == 1 and self.find(self._suffixed(text)[0]) is None:
            parts = [part.strip() for part in text.split(",")]
        return [part for part in parts if not is_nothing(part)]

    def _suffixed(self, item: str) -> tuple[str, tuple[str | None, ...]]:
        name, colon, side = item.rpartition(":")
        if not colon:
            return item, (None,)
        if self.find(name) is None:
            # A colon within a title, or within an unknown name: then the name is what is wrong.
            try:
                read_polarity(side)
            except UnreadableCellError:
                return item, (None,)
        return name, read_polarity(side)
