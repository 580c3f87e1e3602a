"""The report's sentences and labels in both languages, kept in `words.yaml` and `words_why.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from warum.caveats import Ui
from warum.counted import has_forms, inflected

FILES = ("words.yaml", "words_why.yaml")


@cache
def words() -> Mapping[str, Mapping[Ui, str]]:
    """Every key with its text per language."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, dict[Ui, str]] = {}
    for name in FILES:
        text = (files("warum.report") / name).read_text("utf-8")
        found |= yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
    return found


def say(key: str, ui: Ui, **details: object) -> str:
    """A sentence or label with its placeholders filled.

    Args:
        key: A key of the word lists.
        ui: The reader's language.
        details: What fills the placeholders; inserted as it is. A count decides where the sentence
            has a singular and a plural (`warum.counted`).

    Raises:
        KeyError: If the key or a placeholder's detail is missing.
    """
    text = words()[key][ui]
    return text.format(**{name: Said(said) for name, said in details.items()}) if details else text


def say_or(key: str, ui: Ui, otherwise: str) -> str:
    """The label of a code that data may bring, or `otherwise` where it has none."""
    entry = words().get(key)
    return entry[ui] if entry else otherwise


class Said:
    """What fills a placeholder, in singular or plural where the sentence has both."""

    def __init__(self, said: object) -> None:
        self._said = said

    def __format__(self, form: str) -> str:
        if has_forms(form):
            return inflected(form, str(self._said), one=str(self._said) == "1")
        return format(self._said, form)
