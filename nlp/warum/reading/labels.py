"""Scores in words and signs: "sehr zufrieden", "very satisfied", "4 stars", "★★★★", "4 von 5"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Valence = Literal[-1, 0, 1]
Strength = Literal[1, 2, 3]

_NEUTRAL = re.compile(
    r"neutral|neither( .*)?|weder( .*)?|teils[ /,-]*teils|mittel|mittelm(äß|aess|ass)ig|average"
    r"|fair|ok|okay|unentschieden|undecided|mixed|unsure|it'?s ok(ay)?"
)
_BEST = frozenset(
    (
        *("excellent", "outstanding", "perfect"),
        *("ausgezeichnet", "hervorragend", "exzellent", "perfekt", "großartig"),
    )
)
_WORST = frozenset(["terrible", "awful", "horrible", "katastrophal", "furchtbar", "miserabel"])
_STRONG = (
    "very|extremely|completely|totally|highly|strongly|fully|entirely|sehr|äußerst|extrem|völlig"
    "|vollkommen|voll und ganz|voll|absolut|überhaupt|gar|at all"
)
_WEAK = "somewhat|rather|slightly|fairly|partly|a little|a bit|moderately|eher|etwas|teilweise"
_NOT = "not|nicht|keineswegs"
_GOOD_WORD = (
    "satisfied|happy|good|easy|simple|likely|agree|positive|helpful|pleased|zufrieden|gut|einfach|leicht|wahrscheinlich"
    "|stimme zu|trifft zu|stimmt|zustimmung|hilfreich|positiv"
)
_BAD_WORD = (
    "dissatisfied|unsatisfied|unhappy|bad|poor|difficult|hard|unlikely|disagree|negative|unhelpful"
    "|unzufrieden|schlecht|schwierig|schwer|kompliziert|unwahrscheinlich|lehne ab|ablehnung|negativ"
)
_PARTS = re.compile(
    rf"(?P<strong>{_STRONG})|(?P<weak>{_WEAK})|(?P<no>{_NOT})|(?P<good>{_GOOD_WORD})|(?P<bad>{_BAD_WORD})"
)
# "Ich stimme voll und ganz zu": the verb and its particle stand apart.
_SPLIT_VERB = re.compile(r"^(stimme|trifft|lehne)\b(.*)\b(zu|ab)$")
_FILLERS = re.compile(r"\b(i am|i'm|i|ich bin|ich|war|was|it was|es war)\b")

_STARS = re.compile(r"(?P<full>[★⭐]+)(?P<open>☆*)")
_STAR_WORDS = re.compile(
    r"(?P<n>\d+(?:[.,]\d+)?)\s*(?:-\s*)?(?:stars?|sterne?n?|★|⭐|points?|punkte?n?)"
)
_OUT_OF = re.compile(
    r"(?P<n>\d+(?:[.,]\d+)?)\s*(?:/|von|out of|of|aus)\s*(?P<of>\d+)"
    r"(?:\s*(?:stars?|sternen?|points?|punkten?|★|⭐))?"
)
_NUMBERED = re.compile(
    r"(?P<n>\d+(?:[.,]\d+)?)\s*[-–—=:)(]+\s*[^\d]+|[^\d]+\((?P<n2>\d+(?:[.,]\d+)?)\)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """An answer in words.

    Attributes:
        valence: -1 bad, 0 in between, 1 good.
        strength: 1 "somewhat", 2 plain, 3 "very".
    """

    valence: Valence
    strength: Strength = 2


@dataclass(frozen=True, slots=True)
class Stars:
    """A counted answer: 4 stars, 4/5.

    Attributes:
        value: The count.
        out_of: The greatest count, where the cell says it.
        worded: Whether the cell says stars or points (and not only "4/5" or "4 - good").
    """

    value: float
    out_of: float | None = None
    worded: bool = False


def read_label(cell: str) -> Label | None:
    """Read an answer in words; None if it is none that is known."""
    text = _plain(cell.casefold().replace("’", "'").strip(" .!"))
    if _NEUTRAL.fullmatch(text):
        return Label(0)
    if text in _BEST or text in _WORST:
        return Label(1 if text in _BEST else -1, 3)
    text = _plain(_FILLERS.sub(" ", text))
    text = _plain(_SPLIT_VERB.sub(r"\2 \1 \3", text))
    kinds = _kinds(text)
    if kinds is None or ("good" in kinds) == ("bad" in kinds):
        return None
    if "no" in kinds and "bad" in kinds:
        return None  # "not bad" is a matter of tone
    good = "good" in kinds and "no" not in kinds
    strength: Strength = 3 if "strong" in kinds else 1 if "weak" in kinds else 2
    return Label(1 if good else -1, strength)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _kinds(text: str) -> set[str] | None:
    """The kinds of words the text consists of; None if one of them is unknown."""
    kinds: set[str] = set()
    at = 0
    while at < len(text):
        found = _PARTS.match(text, at)
        end = found.end() if found else at
        if not found or (end < len(text) and text[end] != " "):
            return None
        kinds.add(str(found.lastgroup))
        at = end + 1
    return kinds


def read_stars(cell: str) -> Stars | None:
    """Read a counted answer; None if it is none."""
    text = cell.casefold().replace("\ufe0f", "").strip()
    signs = _STARS.fullmatch(text.replace(" ", ""))
    if signs:
        full, empty = len(signs["full"]), len(signs["open"])
        return Stars(float(full), float(full + empty) if empty else None, worded=True)
    found = _OUT_OF.fullmatch(text)
    if found:
        return Stars(_float(found["n"]), float(found["of"]), worded=not text[-1].isdigit())
    found = _STAR_WORDS.fullmatch(text)
    if found:
        return Stars(_float(found["n"]), worded=True)
    found = _NUMBERED.fullmatch(text)
    return Stars(_float(found["n"] or found["n2"])) if found else None


def label_positions(labels: Iterable[Label]) -> Mapping[Label, float]:
    """Where the answers of one column lie between worst (0) and best (1).

    "satisfied" beside "very satisfied" is the second best of five answers; beside "somewhat
    satisfied" and without "very satisfied" it is the best of five; between both the second best of
    seven.
    """
    known = set(labels)
    strengths = {label.strength for label in known if label.valence}
    if strengths == {1, 2, 3}:
        weight = {1: 1 / 3, 2: 2 / 3, 3: 1.0}
    elif strengths == {1, 2}:
        weight = {1: 0.5, 2: 1.0, 3: 1.0}
    else:
        weight = {1: 0.5, 2: 0.5, 3: 1.0}
    return {label: 0.5 + 0.5 * label.valence * weight[label.strength] for label in known}


def answer_steps(labels: Iterable[Label]) -> int:
    """Number of answers on the scale that these words belong to: 5 or 7."""
    return 7 if {label.strength for label in labels if label.valence} == {1, 2, 3} else 5


def _float(text: str) -> float:
    return float(text.replace(",", "."))
