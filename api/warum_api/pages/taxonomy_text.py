"""A taxonomy as people write it: YAML, without what could make a small text a large one."""

from __future__ import annotations

from typing import Any

import yaml

from warum.taxonomy import shipped_text
from warum_api.problems import Problem
from warum_api.storing.projects import Project

MOST = 300_000
"""Characters of a taxonomy; the built-in one has 16,000."""
_DEEPEST = 20
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_taxonomy(text: str) -> dict[str, Any]:
    """The object that a YAML text stands for; whether it is a taxonomy is checked where it is kept.

    Raises:
        Problem: `broken_taxonomy`, if it is too long, no YAML or no mapping.
    """
    if len(text) > MOST:
        raise Problem("broken_taxonomy", "It is too long.", expected=f"at most {MOST} characters")
    try:
        _check_form(text)
        found = yaml.load(text, _LOADER)  # noqa: S506 - it is a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise Problem("broken_taxonomy", f"It is no readable YAML: {said}.") from None
    if not isinstance(found, dict):
        raise Problem("broken_taxonomy", "It has no list 'categories'.", came=type(found).__name__)
    return found


def _check_form(text: str) -> None:
    """Refuse what could take long to make an object of.

    Raises:
        Problem: `broken_taxonomy`.
    """
    depth = 0
    for event in yaml.parse(text, _LOADER):
        if isinstance(event, yaml.AliasEvent):  # ten lines of them can stand for a billion
            raise Problem("broken_taxonomy", "Write everything out: an alias (*name) stands in it.")
        begins = isinstance(event, yaml.CollectionStartEvent)
        depth += begins - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise Problem("broken_taxonomy", f"It is nested more than {_DEEPEST} levels deep.")


def text_of(project: Project) -> str:
    """The taxonomy of a project as YAML."""
    if isinstance(project.taxonomy, str):
        return shipped_text(project.taxonomy)
    return str(yaml.safe_dump(dict(project.taxonomy), allow_unicode=True, sort_keys=False))
