"""The language of each comment: its own words decide, or else the data's main language."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from warum.records import ReadComment

UNDECIDED = "und"
"""ISO 639-2 code of an undetermined language."""

READ = ("de", "en")
"""Languages that comments are expected in."""

# European languages and the largest others: with all 139 of the detector's, short comments end in
# Luxembourgish or Latin.
LANGUAGES = (
    *READ,
    *("bg", "cs", "da", "el", "es", "fi", "fr", "hr", "hu", "it", "nl", "no", "pl", "pt"),
    *("ro", "ru", "sk", "sl", "sv", "tr", "uk", "ar", "fa", "he", "ja", "ko", "zh"),
)
"""Languages that are told apart, as ISO 639-1 codes."""

# Found with `benchmarks/language.py --fit` on half of the Tatoeba sentences of 15 languages: from
# 1 to 20 the accuracy of German and English texts of one to three words grows by 3 points (95.2 to
# 98.0 %, 94.9 to 98.3 %), that of the others falls by 1.2 (91.6 to 90.4 %); beyond, the one grows
# less than the other falls. Longer texts hardly change.
PRIOR = 20.0
"""How many times as likely German and English are taken to be as each other language."""

# Found on customer dialogues and patient comments: of German and English texts that pass, 1.7 %
# (one or two words) and 0.4 % (longer ones) are wrong.
SHORT_WORDS = 2
SURE_SHORT = 3.0
SURE = 1.5
"""Log-likelihood by which a language must lead to be sure, up to SHORT_WORDS words and beyond."""

# The head of a long comment decides: more text changes nothing.
_READ_CHARACTERS = 2000
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|[█\d]+")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2c00-\ua7ff\uac00-\ud7ff]")
_OTHER_SCRIPTS = frozenset({"ar", "bg", "el", "fa", "he", "ja", "ko", "ru", "uk", "zh"})
_LATIN = tuple(code for code in LANGUAGES if code not in _OTHER_SCRIPTS)
_LOG_PRIOR = math.log(PRIOR)
_SAMPLE = 2000
_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("german", "deutsch", "deu", "ger", "allemand"), "de"),
    **dict.fromkeys(("english", "englisch", "eng", "anglais"), "en"),
    **dict.fromkeys(("french", "französisch", "francais", "français", "fra", "fre"), "fr"),
    **dict.fromkeys(("italian", "italienisch", "italiano", "ita"), "it"),
    **dict.fromkeys(("spanish", "spanisch", "español", "espanol", "spa"), "es"),
    **dict.fromkeys(("dutch", "niederländisch", "nederlands", "nld", "dut"), "nl"),
    **dict.fromkeys(("portuguese", "portugiesisch", "português", "por"), "pt"),
    **dict.fromkeys(("polish", "polnisch", "polski", "pol"), "pl"),
    **dict.fromkeys(("turkish", "türkisch", "türkçe", "tur"), "tr"),
}
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language of a text.

    Attributes:
        language: ISO 639-1 code, or "und" where the text holds no word.
        words: How many words it has.
        scores: Log-likelihood of each language, prior included; empty where there is no word.
    """

    language: str
    words: int
    scores: Mapping[str, float]

    def lead_over(self, rivals: Iterable[str]) -> float:
        """By how much the likeliest language leads the rivals; infinite if there are no others."""
        others = [self.scores[rival] for rival in rivals if rival != self.language]
        return self.scores[self.language] - max(others, default=-math.inf)

    def is_sure(self, main: str | None = None) -> bool:
        """Whether the text itself decides, against the main language where that is known.

        German and English must lead every language: "Super" is both. Others must lead only what
        would be taken in their place: Danish need not be told from Norwegian.
        """
        if not self.scores:
            return False
        needed = SURE_SHORT if self.words <= SHORT_WORDS else SURE
        expected = [code for code in (*READ, main) if code is not None and code in self.scores]
        return self.lead_over(self.scores if self.language in expected else expected) >= needed


class _Detector:
    """The detector of py3langid, loaded at its first use."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._identifier: Any = None

    def scores(self, text: str) -> dict[str, float]:
        """Log-likelihood of each language of `LANGUAGES`."""
        if self._identifier is None:
            with self._lock:
                if self._identifier is None:
                    self._identifier = self._load()
        return dict(self._identifier.rank(text))

    @staticmethod
    def _load() -> Any:  # noqa: ANN401 - the library has no types
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
        identifier.set_languages(LANGUAGES)
        return identifier


_DETECTOR = _Detector()


def guess_language(text: str) -> Guess:
    """The likeliest language of a text, from nothing but the text.

    Args:
        text: Any text; of long ones the head is read.

    Returns:
        A guess; "und" for texts without a word (digits, emoji, punctuation).
    """
    cleaned = _NOT_WORDS.sub(" ", text[:_READ_CHARACTERS])
    words = len(_WORD.findall(cleaned))
    if not words:
        return Guess(UNDECIDED, 0, {})
    likelihood = _DETECTOR.scores(cleaned)
    possible = LANGUAGES if _OTHER_SCRIPT.search(cleaned) else _LATIN
    # In the order of LANGUAGES, so that ties (no feature known) go to the first.
    scores = {code: likelihood[code] + (_LOG_PRIOR if code in READ else 0.0) for code in possible}
    return Guess(max(scores, key=scores.__getitem__), words, scores)


def main_language(texts: Iterable[str | None]) -> str | None:
    """The language of most texts of the data.

    Args:
        texts: All comments of the data; of many, 2,000 evenly spaced ones are read.

    Returns:
        ISO 639-1 code; None where no text decides. Ties go to the first of `LANGUAGES`.
    """
    counts: Counter[str] = Counter()
    known = [text for text in texts if text]
    for text in known[:: max(1, len(known) // _SAMPLE)]:
        guess = guess_language(text)
        if guess.is_sure():
            counts[guess.language] += 1
    order = {code: place for place, code in enumerate(LANGUAGES)}
    return min(counts, key=lambda code: (-counts[code], order[code]), default=None)


def language_code(given: str | None) -> str | None:
    """A language as data give it ("DE", "en-GB", "German"), as ISO 639-1 code, or None."""
    name = (given or "").strip().casefold()
    if name in _NAMES:
        return _NAMES[name]
    code = _CODE.fullmatch(name)
    return _NAMES.get(code[1], code[1]) if code else None


class DetectLanguage:
    """The stage that names each comment's language.

    Args:
        main_language: The data's main language (`main_language`), which unsure comments take; None
            leaves them undecided. It is given rather than counted here, so that the result of a
            comment does not depend on its batch.
    """

    name = "language"

    def __init__(self, main_language: str | None = None) -> None:
        self.main_language = main_language

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Fill `language` and `language_sure`; what the data give wins."""
        return [self._one(comment) for comment in batch]

    def _one(self, comment: ReadComment) -> ReadComment:
        if comment.text is None:
            return replace(comment, language="", language_sure=False)
        given = language_code(comment.comment.language)
        if given:
            return replace(comment, language=given, language_sure=True)
        guess = guess_language(comment.text)
        if guess.is_sure(self.main_language):
            return replace(comment, language=guess.language, language_sure=True)
        return replace(comment, language=self.main_language or UNDECIDED, language_sure=False)
