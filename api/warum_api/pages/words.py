"""The pages' sentences in both languages: every `words*.yaml` beside this file, and behind them the report's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from warum.caveats import Ui
from warum.report.words import Said
from warum.report.words import say as say_of_report


@cache
def words() -> Mapping[str, Mapping[Ui, str]]:
    """Every key with its text per language.

    Raises:
        ValueError: If two files have the same key.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Mapping[Ui, str]] = {}
    for file in sorted(files("warum_api.pages").iterdir(), key=lambda file: file.name):
        if not (file.name.startswith("words") and file.name.endswith(".yaml")):
            continue
        here = yaml.load(file.read_text("utf-8"), Loader=loader) or {}  # noqa: S506 - both are safe loaders
        twice = sorted(found.keys() & here.keys())
        if twice:
            raise ValueError(f"{file.name} has {twice[0]!r}, which another file has: rename it")
        found |= here
    return found


def say(key: str, ui: Ui, **details: object) -> str:
    """A sentence or label with its placeholders filled; what the pages do not say themselves is the report's.

    Args:
        key: A key of the word lists.
        ui: The reader's language.
        details: What fills the placeholders; a count decides between singular and plural (`warum.counted`).

    Raises:
        KeyError: If the key or a placeholder's detail is missing.
    """
    entry = words().get(key)
    if entry is None:
        return say_of_report(key, ui, **details)
    text = entry[ui]
    return text.format(**{name: Said(said) for name, said in details.items()}) if details else text


def say_or(key: str, ui: Ui, otherwise: str) -> str:
    """The label of a code that data may bring, or `otherwise` where it has none."""
    try:
        return say(key, ui)
    except KeyError:
        return otherwise
