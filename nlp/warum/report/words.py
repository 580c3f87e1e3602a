"""The report's sentences and labels in both languages, kept in `words.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from warum.caveats import Ui


@cache
def words() -> Mapping[str, Mapping[Ui, str]]:
    """Every key with its text per language."""
    text = (files("warum.report") / "words.yaml").read_text("utf-8")
    loaded: dict[str, dict[Ui, str]] = yaml.load(
        text,
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),  # noqa: S506 - both are safe loaders
    )
    return loaded


def say(key: str, ui: Ui, **details: object) -> str:
    """A sentence or label with its placeholders filled.

    Args:
        key: A key of `words.yaml`.
        ui: The reader's language.
        details: What fills the placeholders; inserted as it is.

    Raises:
        KeyError: If the key or a placeholder's detail is missing.
    """
    text = words()[key][ui]
    return text.format(**details) if details else text


def say_or(key: str, ui: Ui, otherwise: str) -> str:
    """The label of a code that data may bring, or `otherwise` where it has none."""
    entry = words().get(key)
    return entry[ui] if entry else otherwise
