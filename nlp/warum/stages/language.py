"""The language of each comment: its own words decide, or else the data's main language."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from warum.records import ReadComment
from warum.stages.filling import filler
from warum.stages.language_detector import Detector

_Floats = NDArray[np.float64]

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
# Where there is no "@"; looking for one behind every letter is what takes time.
_NOT_WORDS_BUT_ADDRESSES = re.compile(r"https?://\S+|www\.\S+|#\w+|[█\d]+")
_SIGNS = re.compile(r"[#█\d]")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2c00-\ua7ff\uac00-\ud7ff]")
_OTHER_SCRIPTS = frozenset({"ar", "bg", "el", "fa", "he", "ja", "ko", "ru", "uk", "zh"})
_COLUMN: Mapping[str, int] = {code: column for column, code in enumerate(LANGUAGES)}
_OTHER_COLUMNS = np.array([code in _OTHER_SCRIPTS for code in LANGUAGES])
_PRIORS = np.array([math.log(PRIOR) if code in READ else 0.0 for code in LANGUAGES])
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
_DETECTOR = Detector(LANGUAGES)
_with_language = filler(ReadComment, "language", "language_sure")


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

    def is_sure(self, main: str | None = None) -> bool:
        """Whether the text itself decides, against the main language where that is known.

        German and English must lead every language: "Super" is both. Others must lead only what
        would be taken in their place: Danish need not be told from Norwegian.
        """
        if not self.scores:
            return False
        scores = np.array([[self.scores.get(code, -math.inf) for code in LANGUAGES]])
        return bool(_sure(scores, np.array([self.words]), main)[0])


def _sure(scores: _Floats, words: NDArray[np.int64], main: str | None) -> NDArray[np.bool_]:
    """Whether each of several texts decides its language; see `Guess.is_sure`.

    Args:
        scores: Log-likelihoods, prior included, minus infinity for languages out of the question;
            shape (texts, languages).
        words: Number of words of each text, at least 1.
        main: The data's main language.
    """
    each = np.arange(len(scores))
    best = scores.argmax(axis=1)
    rivals = scores.copy()
    rivals[each, best] = -np.inf
    expected = [_COLUMN[code] for code in (*READ, main or "") if code in _COLUMN]
    among = np.zeros(scores.shape[1], dtype=bool)
    among[expected] = True
    rival = np.where(among[best], rivals.max(axis=1), rivals[:, expected].max(axis=1))
    lead = scores[each, best] - rival
    return np.asarray(lead >= np.where(words <= SHORT_WORDS, SURE_SHORT, SURE))


def _cleaned(text: str) -> str:
    """The head of a text without addresses, tags and digits."""
    text = text[:_READ_CHARACTERS]
    if "@" in text:
        return _NOT_WORDS.sub(" ", text)
    if "://" in text or "www." in text or _SIGNS.search(text):
        return _NOT_WORDS_BUT_ADDRESSES.sub(" ", text)
    return text


def _scores(texts: Sequence[str]) -> _Floats:
    """Log-likelihoods of cleaned texts, prior included; shape (texts, languages)."""
    latin = np.array([text.isascii() or not _OTHER_SCRIPT.search(text) for text in texts])
    scores: _Floats = _DETECTOR.scores(texts) + _PRIORS
    scores[latin[:, None] & _OTHER_COLUMNS] = -np.inf
    return scores


def guess_language(text: str) -> Guess:
    """The likeliest language of a text, from nothing but the text.

    Args:
        text: Any text; of long ones the head is read.

    Returns:
        A guess; "und" for texts without a word (digits, emoji, punctuation).
    """
    cleaned = _cleaned(text)
    words = len(_WORD.findall(cleaned))
    if not words:
        return Guess(UNDECIDED, 0, {})
    (row,) = _scores([cleaned])
    # In the order of LANGUAGES, so that ties (no feature known) go to the first.
    scores = {c: s for c, s in zip(LANGUAGES, row.tolist(), strict=True) if s > -math.inf}
    return Guess(max(scores, key=scores.__getitem__), words, scores)


def _read(texts: Sequence[str], main: str | None) -> list[tuple[str, bool]]:
    """The likeliest language of each text, and whether the text decides it."""
    read = [(UNDECIDED, False)] * len(texts)
    cleaned = [_cleaned(text) for text in texts]
    # How many words there are beyond the short ones makes no difference.
    words = [sum(1 for _ in islice(_WORD.finditer(c), SHORT_WORDS + 1)) for c in cleaned]
    asked = [at for at, count in enumerate(words) if count]
    if asked:
        scores = _scores([cleaned[at] for at in asked])
        sure = _sure(scores, np.array([words[at] for at in asked]), main)
        best = scores.argmax(axis=1)
        for at, column, decided in zip(asked, best.tolist(), sure.tolist(), strict=True):
            read[at] = (LANGUAGES[column], decided)
    return read


def main_language(texts: Iterable[str | None]) -> str | None:
    """The language of most texts of the data.

    Args:
        texts: All comments of the data; of many, 2,000 evenly spaced ones are read.

    Returns:
        ISO 639-1 code; None where no text decides. Ties go to the first of `LANGUAGES`.
    """
    known = [text for text in texts if text]
    sample = known[:: max(1, len(known) // _SAMPLE)]
    counts = Counter(language for language, sure in _read(sample, None) if sure)
    return min(counts, key=lambda code: (-counts[code], _COLUMN[code]), default=None)


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
        given = [language_code(comment.comment.language) for comment in batch]
        texts = [
            c.text for c, code in zip(batch, given, strict=True) if c.text is not None and not code
        ]
        guesses = iter(_read(texts, self.main_language))
        unsure = self.main_language or UNDECIDED
        read = []
        for comment, code in zip(batch, given, strict=True):
            if comment.text is None:
                read.append(_with_language(comment, "", False))
            elif code:
                read.append(_with_language(comment, code, True))
            else:
                language, sure = next(guesses)
                read.append(_with_language(comment, language if sure else unsure, sure))
        return read
