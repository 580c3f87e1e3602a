"""Tokens of a comment: spaCy's, each word tokenised once and then remembered.

What spaCy makes of a run of characters between white space depends on that run alone, with one
exception: emoticons and abbreviations are also looked for across runs ("text) :)" holds "):"). Where
that may happen, spaCy reads the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise, product
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from warum.stages.segments_forms import Form, form_of
from warum.stages.segments_spacy import parts_of_rules, spacy_tokenizer
from warum.stages.segments_words import ENGLISH, GERMAN

# A tokenizer takes time that grows with the square of an unbroken run: long lines come in pieces.
_PIECE = 1000
# Words, runs and parts of runs that are remembered at a time, some 20 MB; longer ones hardly come again.
_MOST = 32_768
_LONGEST = 40
_SURROGATE = re.compile("[\ud800-\udfff]")  # halves of broken emoji; spaCy refuses them
_SPACES = re.compile(r"\s+")
_RUNS = re.compile(r"\S+|\s+")
# A word or number with signs around it, each a token of its own, unless spaCy has a rule for it
# ("cannot", "Dr.", "8)"). What spaCy has not seen takes it a hundred times as long.
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"
_SIMPLE = re.compile(
    rf"([(\"“”„£€$]?)([{_LETTER}]+[0-9]*|[0-9]+)"
    rf"([,!?:;)\"“”]+|\.\.+|(?<=[{_LETTER}][a-zß-öø-ÿ])\.|(?<=[A-Z]{{2}})\.)?"
)

_Value = TypeVar("_Value")
_Run = tuple[tuple[Form, int], ...]  # tokens of a run and where they begin in it


class Tokens(NamedTuple):
    """The tokens of a comment; white space is one only where it breaks a line.

    Attributes:
        forms: Each token's form.
        starts: Each token's first code point.
        edges: Places of the tokens where a sentence may end or an item begin, in order.
        cuts: Places of the tokens where a sentence may be cut, in order.
    """

    forms: list[Form]
    starts: list[int]
    edges: list[int]
    cuts: list[int]

    def end(self, at: int) -> int:
        """The code point behind a token."""
        return self.starts[at] + len(self.forms[at].text)


class Tokenizer:
    """The tokenizer of a language, for any number of threads.

    Args:
        language: "de" or "en".
    """

    def __init__(self, language: str) -> None:
        self._language = GERMAN if language == "de" else ENGLISH
        self._spacy: Any = spacy_tokenizer(language)
        self._one = Lock()  # spaCy's belong to one thread at a time
        self._rules = parts_of_rules(self._spacy)
        self._across = {pair for parts in self._rules.values() for pair in pairwise(parts)}
        self._seconds = {second for _, second in self._across}
        self._words: dict[str, Form] = {}  # runs that are one word
        self._runs: dict[str, _Run] = {}  # all others
        self._parts: dict[str, Form] = {}  # what those consist of

    def __call__(self, text: str) -> Tokens:
        """The tokens of a text of any length."""
        if not text.isascii():
            text = _SURROGATE.sub("\ufffd", text)
        pieces = list(_pieces(text)) if len(text) > _PIECE else [(0, text)]
        forms: list[Form] = []
        starts: list[int] = []
        for offset, piece in pieces:
            known = len(forms)
            if not self._add_words(forms, starts, piece, offset):
                del forms[known:], starts[known:]
                self._add_lines(forms, starts, piece, offset)
        marks = [at for at, form in enumerate(forms) if form.is_mark]
        if self._reads_across(forms, starts, marks):
            forms, starts = self._read_by_spacy(pieces)
            marks = [at for at, form in enumerate(forms) if form.is_mark]
        edges = [at for at in marks if forms[at].is_edge]
        cuts = [at for at in marks if forms[at].is_cut]
        return Tokens(forms, starts, edges, cuts)

    def _add_words(self, forms: list[Form], starts: list[int], piece: str, offset: int) -> bool:
        """Add a piece's tokens; False where there is white space other than spaces."""
        at = offset
        words, runs = self._words, self._runs
        for run in piece.split(" "):
            word = words.get(run)
            if word is not None:
                forms.append(word)
                starts.append(at)
            elif run:
                tokens = runs.get(run) or self._learned(run)
                if tokens is None:
                    return False
                for form, place in tokens:
                    forms.append(form)
                    starts.append(at + place)
            at += len(run) + 1
        return True

    def _add_lines(self, forms: list[Form], starts: list[int], piece: str, offset: int) -> None:
        """Add the tokens of a piece with line breaks, tabs and the like.

        The space behind a word belongs to no token, what white space follows it is one.
        """
        for match in _RUNS.finditer(piece):
            run, at = match[0], match.start()
            if run[0].isspace():
                if run[0] == " " and at:
                    run, at = run[1:], at + 1
                if "\n" in run or "\r" in run:
                    forms.append(self._form(run, self._parts))
                    starts.append(offset + at)
                continue
            for form, place in self._runs.get(run) or self._learned(run) or ():
                forms.append(form)
                starts.append(offset + at + place)

    def _read_by_spacy(self, pieces: Iterable[tuple[int, str]]) -> tuple[list[Form], list[int]]:
        """Forms and starts of the tokens that spaCy finds in whole pieces."""
        forms: list[Form] = []
        starts: list[int] = []
        for offset, piece in pieces:
            with self._one:
                read = [(token.text, token.idx) for token in self._spacy(piece)]
            for text, place in read:
                if not text.isspace() or "\n" in text or "\r" in text:
                    forms.append(self._form(text, self._parts))
                    starts.append(offset + place)
        return forms, starts

    def _reads_across(
        self, forms: Sequence[Form], starts: Sequence[int], marks: Iterable[int]
    ) -> bool:
        """Whether spaCy may find one token in two runs.

        What a rule has made one in its run may be apart in the whole text.
        """
        for at in marks:
            if not (forms[at].is_second and at):
                continue
            before, form = forms[at - 1].text, forms[at].text
            if starts[at] > starts[at - 1] + len(before):
                lasts = {before, *self._rules.get(before, ())[-1:]}
                firsts = {form, *self._rules.get(form, ())[:1]}
                if not self._across.isdisjoint(product(lasts, firsts)):
                    return True
        return False

    def _learned(self, run: str) -> _Run | None:
        """The tokens of a run that is not known yet; None if it holds white space."""
        if run.isascii() and run.isalpha() and run not in self._rules:
            return ((self._form(run, self._words), 0),)
        parts = self._simple(run)
        if parts is None:
            if _SPACES.search(run):
                return None
            with self._one:
                parts = [(token.text, token.idx) for token in self._spacy(run)]
        elif len(parts) == 1:
            return ((self._form(run, self._words), 0),)
        tokens = tuple([(self._form(text, self._parts), place) for text, place in parts])
        _remember(self._runs, run, tokens)
        return tokens

    def _simple(self, run: str) -> list[tuple[str, int]] | None:
        """The tokens of a run and where they begin, if that can be told without spaCy."""
        simple = _SIMPLE.fullmatch(run)
        if not simple or run in self._rules or simple[2] in self._rules:
            return None
        opening, core, closing = simple.groups(default="")
        if not opening and len(closing) == 1:  # most of them
            return None if (core, closing) in self._across else [(core, 0), (closing, len(core))]
        signs = [closing] if closing[:1] == "." else list(closing)
        parts = [part for part in (opening, core, *signs) if part]
        if len(parts) > 1 and not self._across.isdisjoint(pairwise(parts)):
            return None
        return list(zip(parts, accumulate(map(len, parts), initial=0), strict=False))

    def _form(self, text: str, known: dict[str, Form]) -> Form:
        form = known.get(text)
        if form is None:
            firsts = {text, *self._rules.get(text, ())[:1]}
            is_second = not self._seconds.isdisjoint(firsts)
            form = form_of(text, self._language, is_second=is_second)
            _remember(known, text, form)
        return form


def _remember(known: dict[str, _Value], text: str, value: _Value) -> None:
    if len(known) >= _MOST:
        known.clear()
    if len(text) <= _LONGEST:
        known[text] = value


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of at most `_PIECE` code points, cut at white space where there is any."""
    start = 0
    while len(text) - start > _PIECE:
        window = text[start : start + _PIECE]
        spaces = [match.end() for match in _SPACES.finditer(window)]
        size = spaces[-1] if spaces and spaces[-1] > _PIECE // 2 else _PIECE
        yield start, window[:size]
        start += size
    yield start, text[start:]
