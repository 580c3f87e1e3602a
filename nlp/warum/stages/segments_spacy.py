"""spaCy's tokenizers, without what takes their time and changes no token.

A blank pipeline computes a dozen attributes of every word that it has not seen, which no rule here
asks for, and searches long lists of signs in words that hold none. Both are left out; a test
compares the tokens with those of the blank pipeline.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any

# Signs begin with none of these, but for the dollars ("US$").
_LETTERS = frozenset(string.ascii_letters + "ÄÖÜäöüß")
_FIRST = _LETTERS | frozenset(string.digits)
# Units need a digit and "'s" an apostrophe.
_WITHOUT_SUFFIX = re.compile(r"[^\d'’]*[A-Za-zÄÖÜäöüß]|.*[0-9]", re.DOTALL)
_WITHOUT_INFIX = re.compile(r"[A-Za-z0-9ÄÖÜäöüß]*")

_Match = re.Match[str] | None


_IMPORTING = Lock()
_COMMANDS = ("spacy.cli", "spacy.cli.info")


def import_spacy() -> None:
    """Import spaCy without its command line, which takes a third of the time and brings HTTP clients with it.

    `spacy.info` imports it when it is called, and so does `import spacy.cli`.
    """
    with _IMPORTING:
        if "spacy" not in sys.modules:
            with _stood_in():
                import spacy  # noqa: F401


@contextmanager
def _stood_in() -> Iterator[None]:
    commands, info = (ModuleType(name) for name in _COMMANDS)
    commands.__path__ = []
    info.info = _info  # type: ignore[attr-defined]
    sys.modules.update(zip(_COMMANDS, (commands, info), strict=True))
    try:
        yield
    finally:
        for name in _COMMANDS:
            del sys.modules[name]


def _info(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - spaCy's own
    return import_module("spacy.cli.info").info(*arguments, **options)


def spacy_tokenizer(language: str) -> Any:  # noqa: ANN401 - spaCy is imported when needed
    """The tokenizer that `spacy.blank` makes for a language, for one thread.

    Args:
        language: "de" or "en".
    """
    import_spacy()
    from spacy.tokenizer import Tokenizer
    from spacy.util import (
        compile_infix_regex,
        compile_prefix_regex,
        compile_suffix_regex,
        get_lang_class,
    )
    from spacy.vocab import Vocab

    defaults = get_lang_class(language).Defaults
    return Tokenizer(
        Vocab(),
        rules=defaults.tokenizer_exceptions,
        prefix_search=_prefix_search(compile_prefix_regex(defaults.prefixes).search),
        suffix_search=_suffix_search(compile_suffix_regex(defaults.suffixes).search),
        infix_finditer=_infix_finditer(compile_infix_regex(defaults.infixes).finditer),
        token_match=defaults.token_match,
        url_match=_url_match(defaults.url_match),
    )


def parts_of_rules(tokenizer: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 - see above
    """What each of a tokenizer's rules makes one: "Dr." is "Dr" and ".", ":)" is ":" and ")"."""
    from spacy.tokenizer import Tokenizer
    from spacy.vocab import Vocab

    without_rules = Tokenizer(
        Vocab(),
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        token_match=tokenizer.token_match,
        url_match=tokenizer.url_match,
    )
    return {rule: tuple(token.text for token in without_rules(rule)) for rule in tokenizer.rules}


def _prefix_search(search: Callable[[str], _Match]) -> Callable[[str], _Match]:
    def quick(run: str) -> _Match:
        return None if run[:1] in _FIRST and "$" not in run else search(run)

    return quick


def _suffix_search(search: Callable[[str], _Match]) -> Callable[[str], _Match]:
    def quick(run: str) -> _Match:
        return None if _WITHOUT_SUFFIX.fullmatch(run) else search(run)

    return quick


def _infix_finditer(
    finditer: Callable[[str], Iterator[re.Match[str]]],
) -> Callable[[str], Iterator[re.Match[str]]]:
    def quick(run: str) -> Iterator[re.Match[str]]:
        return iter(()) if _WITHOUT_INFIX.fullmatch(run) else finditer(run)

    return quick


def _url_match(match: Callable[[str], _Match]) -> Callable[[str], _Match]:
    def quick(run: str) -> _Match:
        return match(run) if "." in run else None

    return quick
